"""What one school may use while others want their share; a school's own limits go before these."""

from config import env

WEB_PROCESSES = env.number("WEB_PROCESSES", 1)  # each holds a school to its part of the shares
SCHOOL_LIMITS = {
    "job_slots": env.number("SCHOOL_JOB_SLOTS", 2),
    "work_percent": env.number("SCHOOL_WORK_PERCENT", 20),
    "requests_per_second": env.number("SCHOOL_REQUESTS_PER_SECOND", 40),
    "concurrent_requests": env.number("SCHOOL_CONCURRENT_REQUESTS", 8),
    "statement_timeout_ms": env.number("SCHOOL_STATEMENT_TIMEOUT_MS", 10_000),
    "sms_parts_per_month": env.number("SCHOOL_SMS_PARTS_PER_MONTH", 10_000),
    "job_statement_timeout_ms": env.number("SCHOOL_JOB_STATEMENT_TIMEOUT_MS", 300_000),
}
