"""Code sheets: codes on paper, one of which a person says on the telephone when no device of theirs can sign.

The register holds a slow hash of each code. Which number is asked for follows from the order, so a code that was said
for one order is not one for another.
"""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from streams.values import Frozen, Identifier, Utc, derive_id
from streams.why import because

CODES = 40
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What codes are made of: nothing in it sounds or looks like something else, and each sign is worth five bits."""
CODE_SIGNS = 10
COST, BLOCK, PARALLEL = 2**14, 8, 1
"""What a guess costs (RFC 7914): about 50 ms and 16 MiB."""

Code = Annotated[str, StringConstraints(pattern=rf"^[{SIGNS}]{{{CODE_SIGNS}}}$")]
CodeHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


Salt = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class SheetHashes(Frozen):
    """What its owner hands over of a sheet, to have it enrolled."""

    salt: Salt
    codes: tuple[CodeHash, ...] = Field(min_length=CODES, max_length=CODES)


class Sheet(Frozen):
    """A person's code sheet on the register, enrolled by another person: `codes` are the hashes, in their order."""

    form: Literal["spoken"] = "spoken"
    salt: Salt
    codes: tuple[CodeHash, ...] = Field(min_length=CODES, max_length=CODES)
    enrolled_by: Identifier
    enrolled_at: Utc
    expires_at: Utc
    revoked_at: Utc | None = None

    @property
    def id(self) -> str:
        """The name that a proof gives it; it is printed on the sheet."""
        return sheet_id(self.salt, self.codes)


class SpokenProof(Frozen):
    """A code from a sheet, said by the person and entered by `relayed_by`. `number` counts from 1."""

    form: Literal["spoken"] = "spoken"
    key: Identifier
    number: int = Field(ge=1, le=CODES)
    code: Code
    relayed_by: Identifier

    @property
    def code_id(self) -> str:
        """The code without what it says: what is kept of one that was used."""
        return f"{self.key}/{self.number}"


def sheet_id(salt: str, codes: tuple[str, ...]) -> str:
    """The name of the sheet with these hashes."""
    return derive_id("sheet", salt, *codes)


def code_hash(code: str, *, salt: str, number: int) -> str:
    """What the register keeps of a code."""
    salted = f"holdingline code sheet {salt} {number}".encode()
    return hashlib.scrypt(code.encode(), salt=salted, n=COST, r=BLOCK, p=PARALLEL, dklen=32).hex()


def number_for(challenge: bytes) -> int:
    """Which code is asked for."""
    return int.from_bytes(challenge, "big") % CODES + 1


def code_faults(proof: SpokenProof, sheet: Sheet, *, challenge: bytes) -> Iterator[str]:
    """Why this is not the code of this sheet for this challenge."""
    asked = number_for(challenge)
    if proof.number != asked:
        yield because(
            "said-other-code",
            "is code {number}, and this order asks for code {asked}: have that one read out",
            number=proof.number,
            asked=asked,
        )
    elif code_hash(proof.code, salt=sheet.salt, number=proof.number) != sheet.codes[proof.number - 1]:
        yield because(
            "said-wrong-code", "is not code {number} of the sheet: have it read out again", number=proof.number
        )
