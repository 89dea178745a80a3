"""Pages by e-mail, each one letter to one person."""

from agents.adapters.admission import admit_call
from agents.adapters.channels.email.headers import begin, written
from agents.adapters.channels.email.sender import Route, send
from agents.adapters.channels.email.settings import EmailSettings, addresses, open_files
from agents.adapters.secrets import Secrets, secret_of
from agents.ports import Rejected
from streams.decisions.wording.shown.letters import SUBJECT_CHARACTERS_MAX
from streams.values import sentence
from streams.words.register.entries import PagerEntry
from streams.words.sign_off import Call

SECONDS_MAX = 15.0


def settings_of(entry: PagerEntry) -> EmailSettings:
    """Read the options; they need a recipient, and each page then has its own."""
    options = dict(entry.options)
    return EmailSettings.model_validate({**options, "recipients": options.get("sender", "")})


class LetterPager:
    """The options of the entry are those of `EmailSettings` without recipients; `ValueError` if they are wrong."""

    def __init__(self, entry: PagerEntry, mode: str, *, secrets: Secrets) -> None:
        self._settings = settings_of(entry)
        if entry.credential and self._settings.username is None:
            raise ValueError("a credential is given and no `username`: name the account that it opens")
        self._mode, self._entry, self._secrets = mode, entry, secrets

    @property
    def mode(self) -> str:
        return self._mode

    def open_files(self) -> None:
        """Read every file that the options name; `ValueError` says which one fails."""
        open_files(self._settings)

    async def page(self, call: Call) -> str:
        admit_call(call, mode=self._mode)
        try:
            (recipient,) = addresses(call.contact.address)
        except ValueError:
            raise Rejected("the contact is no e-mail address: mend it in the register") from None
        password = secret_of(self._entry.credential, self._secrets) if self._entry.credential else None
        route = Route(self._settings, SECONDS_MAX, password)
        return await send(self._letter(call, recipient), route, recipients=[recipient])

    def _letter(self, call: Call, recipient: str) -> bytes:
        """The letter in 7-bit lines (RFC 5322); its subject is the first line of the page."""
        subject = sentence(call.text.partition("\n")[0])[:SUBJECT_CHARACTERS_MAX]
        composed = begin(recipient)
        composed["Message-ID"] = f"<{call.key}@{self._settings.domain()}>"
        composed["Importance"] = "high"
        composed["Auto-Submitted"] = "auto-generated"
        composed.set_content(f"{call.text}\n", charset="utf-8", cte="quoted-printable")
        return written(composed, self._settings, subject=subject)
