"""SMS by Africa's Talking (docs.africastalking.com/docs/sms/sending): a form out, a status for each number back."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter

from schools.messaging.choices import Delivery, Why
from schools.messaging.gateways.base import Outgoing, Result, Stopped, again, lost

ACCEPTED = (100, 101, 102)
STOPPED = {401: Why.REFUSED, 402: Why.BAD_SENDER, 405: Why.NO_BALANCE}
REFUSED = {403: Why.BAD_ADDRESS, 404: Why.BAD_ADDRESS, 406: Why.OPTED_OUT, 407: Why.NO_ROUTE, 409: Why.OPTED_OUT}
HEALS = (500, 501)
CONNECT_SECONDS, ANSWER_SECONDS = 5, 30
AT_ONCE = 8
MOST_NUMBERS = 100
_COST = re.compile(r"([0-9]+(?:\.[0-9]+)?)")


@dataclass(slots=True)
class AfricasTalking:
    """The bulk endpoint with one school's user name, key and sender name."""

    username: str
    key: str
    sender: str = ""
    batch: int = 40

    def send(self, outgoing: Sequence[Outgoing]) -> list[Result]:
        """Equal texts travel in one request, different ones side by side."""
        groups: dict[str, list[Outgoing]] = {}
        for one in outgoing:
            groups.setdefault(one.text, []).append(one)
        calls = [group[n : n + MOST_NUMBERS] for group in groups.values() for n in range(0, len(group), MOST_NUMBERS)]
        with requests.Session() as session, ThreadPoolExecutor(AT_ONCE) as pool:
            session.mount("http", HTTPAdapter(pool_maxsize=AT_ONCE, max_retries=0))
            answers = list(pool.map(lambda call: self._call(session, call), calls))
        stopped = next((answer for answer in answers if isinstance(answer, Stopped)), None)
        results = [result for answer in answers if not isinstance(answer, Stopped) for result in answer]
        if stopped is not None and not results:
            raise stopped
        if stopped is not None:
            known = {result.key for result in results}
            results += [again(one.key, stopped.said) for one in outgoing if one.key not in known]
        return results

    def _call(self, session: requests.Session, group: Sequence[Outgoing]) -> list[Result] | Stopped:
        body = {
            "username": self.username, "to": ",".join(one.address for one in group), "message": group[0].text,
            "bulkSMSMode": "1", "enqueue": "1",
        }  # fmt: skip
        if self.sender:
            body["from"] = self.sender
        try:
            answer = session.post(
                f"{settings.SMS_URL}/version1/messaging", data=body,
                headers={"apiKey": self.key, "Accept": "application/json"},
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS), allow_redirects=False,
            )  # fmt: skip
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            return [again(one.key, type(error).__name__) for one in group]
        except requests.ConnectionError as error:
            # Refused before a byte was sent, or cut off after: only the first is certain.
            surely = "Connection refused" in str(error) or "Name or service" in str(error)
            return [(again if surely else lost)(one.key, type(error).__name__) for one in group]
        except requests.RequestException as error:
            return [lost(one.key, type(error).__name__) for one in group]
        return self._read(answer, group)

    def _read(self, answer: requests.Response, group: Sequence[Outgoing]) -> list[Result] | Stopped:
        if answer.status_code in (401, 403):
            return Stopped(Why.REFUSED, answer.text[:120])
        if answer.status_code in (429, 503):
            return [again(one.key, f"HTTP {answer.status_code}") for one in group]
        if answer.status_code >= 500:
            return [lost(one.key, f"HTTP {answer.status_code}") for one in group]
        try:
            data = answer.json()["SMSMessageData"]
            rows = {str(row["number"]): row for row in data["Recipients"]}
        except (ValueError, KeyError, TypeError):
            if answer.status_code >= 400:
                return [Result(one.key, Delivery.FAILED, Why.REFUSED, answer.text[:120]) for one in group]
            return [lost(one.key, answer.text[:120]) for one in group]
        if not rows:
            said = str(data.get("Message", ""))[:120]
            why = Why.BAD_SENDER if "SenderId" in said else Why.NO_BALANCE if "Balance" in said else Why.REFUSED
            return Stopped(why, said)
        known = {one.address: self._result(one, rows[one.address]) for one in group if one.address in rows}
        if known and all(isinstance(result, Stopped) for result in known.values()):
            return next(result for result in known.values() if isinstance(result, Stopped))
        return [
            again(one.key, found.said) if isinstance(found := known.get(one.address, lost(one.key)), Stopped) else found
            for one in group
        ]

    def _result(self, one: Outgoing, row: dict[str, Any]) -> Result | Stopped:
        code, said = row.get("statusCode"), str(row.get("status", ""))[:120]
        if code in ACCEPTED:
            return Result(one.key, Delivery.SENT, "", said, str(row.get("messageId", ""))[:80], _cost(row.get("cost")))
        if code in STOPPED:
            return Stopped(STOPPED[code], said)
        if code in HEALS:
            return again(one.key, said)
        return Result(one.key, Delivery.FAILED, REFUSED.get(code or 0, Why.REFUSED), said)


def _cost(value: Any) -> Decimal | None:
    """`KES 0.8000` as 0.8000."""
    found = _COST.search(str(value or ""))
    try:
        return Decimal(found[1]) if found else None
    except InvalidOperation:
        return None
