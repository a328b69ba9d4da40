"""The dashboards of the platform, written as code and committed as the JSON that Grafana reads."""
