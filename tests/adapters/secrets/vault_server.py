"""A server that answers as the description of the key-value store, version 2, of Vault and OpenBao says."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.loopback import served

TOKEN = "hvs.fakeVaultTokenQ7wZV3nRk81"


@dataclass
class VaultServer:
    """`stored` has the fields of each `mount/path`; None: its newest version is deleted.

    `says`: a status and errors for every request. `repeats`: an error repeats the token. `body`: what no vault answers.
    """

    stored: dict[str, Mapping[str, Any] | None] = field(default_factory=dict)
    says: tuple[int, str] | None = None
    repeats: bool = False
    body: str | None = None
    url: str = ""
    asked: list[str] = field(default_factory=list)
    namespaces: list[str | None] = field(default_factory=list)

    async def read(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        self.namespaces.append(request.headers.get("X-Vault-Namespace"))
        if self.body is not None:
            return web.Response(text=self.body)
        if self.says:
            return self._errors(*self.says)
        if request.headers.get("X-Vault-Token") != TOKEN:
            return self._errors(403, "permission denied")
        place = f"{request.match_info['mount']}/{request.match_info['path']}"
        if place not in self.stored:
            return web.json_response({"errors": []}, status=404)
        found = self.stored[place]
        about = {"created_time": "2026-11-30T08:00:00Z", "deletion_time": "", "destroyed": False, "version": 3}
        if found is None:
            about |= {"deletion_time": "2026-11-30T08:10:00Z"}
        content = {"request_id": "1", "lease_duration": 0, "data": {"data": found, "metadata": about}}
        return web.json_response(content, status=200 if found is not None else 404)

    def _errors(self, status: int, said: str) -> web.Response:
        return web.json_response({"errors": [f"{said} {TOKEN}" if self.repeats else said]}, status=status)


@asynccontextmanager
async def vault_server(**wrong: Any) -> AsyncIterator[VaultServer]:
    """Listen on a free port of the loopback; what it does `wrong` are fields of `VaultServer`."""
    server = VaultServer(**wrong)
    app = web.Application()
    app.router.add_get("/v1/{mount}/data/{path:.+}", server.read)
    async with served(app) as port:
        server.url = f"http://127.0.0.1:{port}"
        yield server
