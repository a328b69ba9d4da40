"""What the platform shows of itself: metrics, health, logs, dashboards, alerts.

The lowest room: it imports none of the others.
"""
