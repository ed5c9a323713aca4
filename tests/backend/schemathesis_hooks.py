"""What schemathesis must know about the API beyond its document: the token, and that a key is used once."""

import os
import re
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import strategies as st

schemathesis.openapi.format(
    "person-name", st.sampled_from(["Åse", "Nguyễn Thị Hoa", "J. P. O'Neill", "محمد"])
)
schemathesis.openapi.format(
    "phone", st.sampled_from(["20123456", "20 12 34 56", "+4620123456", "+46701234567"])
)


@schemathesis.auth()
class ServiceToken:
    """Authorises generated requests."""

    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
        return os.environ["DIGISPOR_TEST_TOKEN"]

    def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Gives each request its own Idempotency-Key; a missing or malformed one stays as it was generated."""
    key = (case.headers or {}).get("Idempotency-Key")
    if key is not None and re.fullmatch(r"[\x21-\x7e]{1,200}", str(key)):
        case.headers["Idempotency-Key"] = str(uuid4())
