"""From the enquiry to the first day: forms, applications, interviews, offers, and the steps that make a student."""
