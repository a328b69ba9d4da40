"""Half past seven: every teacher signs in, takes the register and looks a student up."""

import html
import itertools
import random
import re
from typing import Any
from urllib.parse import urlsplit

from locust import HttpUser, between, task

from loadtests import demo
from loadtests.pages import Page

REGISTER = re.compile(r"^/attendance/[^/]+/\d{4}-\d{2}-\d{2}/$")
SCHOOLS = demo.schools()
TURNS = itertools.cycle(SCHOOLS)
ABSENT_SHARE = 0.05


class Teacher(HttpUser):
    """A teacher of one school, in a browser of their own."""

    host = demo.address()
    wait_time = between(1, 4)

    def on_start(self) -> None:
        """Take the next school and sign in there."""
        self.school = next(TURNS)
        self.others = [school.name for school in SCHOOLS if school is not self.school]
        self.random = random.Random()
        self.signed_in = self.sign_in()

    def sign_in(self) -> bool:
        """Fill in the form as a browser sends it."""
        page = self.ask("GET", "/sign-in/")
        if page is None:
            return False
        fields = page.form_with("password").fields | self.school.users["teacher"]
        return self.ask("POST", "/sign-in/", fields) is not None

    @task(4)
    def take_the_register(self) -> None:
        """Home, today's classes, one of the registers, nearly everybody present, saved."""
        if not self.signed_in:
            self.signed_in = self.sign_in()
            return
        self.ask("GET", "/")
        self.wait()
        classes = self.ask("GET", "/attendance/")
        registers = sorted({path for path in map(self.path, classes.links if classes else []) if REGISTER.match(path)})
        if not registers:
            return
        self.wait()
        path = self.random.choice(registers)
        page = self.ask("GET", path)
        if page is None:
            return
        self.wait()  # looking up from the phone to the class and back
        self.wait()
        form = page.form_with("mark-")
        marks = {name: self.mark(codes) for name, codes in form.radios.items() if name.startswith("mark-")}
        self.ask("POST", path, form.fields | marks)

    @task(1)
    def look_a_student_up(self) -> None:
        """The list of students."""
        if self.signed_in:
            self.ask("GET", "/students/")

    def mark(self, codes: list[str]) -> str:
        """One of twenty is absent."""
        return codes[1] if self.random.random() < ABSENT_SHARE else codes[0]

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Page | None:
        """One exchange with the school's own host, checked for whose it is; what a form leads to is opened as well."""
        label = "/attendance/<class>/<date>/" if REGISTER.match(path) else path
        headers = {"Host": self.school.host, "Origin": f"http://{self.school.host}"}
        with self.client.request(
            method, path, name=label, data=fields, headers=headers, allow_redirects=False, catch_response=True
        ) as answer:
            wrong, following = self.judge(method, answer)
            if wrong:
                answer.failure(wrong)
                return None
            answer.success()
        return self.ask("GET", following) if following else Page(answer.text)

    def judge(self, method: str, answer: Any) -> tuple[str, str]:
        """What is wrong with an answer, or else the path it leads to."""
        if method == "POST" and answer.is_redirect:
            target = urlsplit(answer.headers["Location"])
            return (f"led to {target.netloc}", "") if target.netloc not in ("", self.school.host) else ("", target.path)
        if answer.status_code != (200 if method == "GET" else 302):
            return f"status {answer.status_code} {answer.headers.get('Location', '')}", ""
        text = html.unescape(answer.text)
        if self.school.name not in text:
            return f"does not name {self.school.name}", ""
        return next((f"names {other} at {self.school.name}" for other in self.others if other in text), ""), ""

    def path(self, link: str) -> str:
        """The path of a link of this school."""
        target = urlsplit(link)
        return target.path if target.netloc in ("", self.school.host) else ""
