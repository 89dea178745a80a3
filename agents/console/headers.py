"""The headers of every answer: which scripts run, who may frame it, what is kept. Errors bear them too."""

import secrets

from aiohttp import web

NONCE = web.RequestKey("nonce", str)
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types holdingline"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)",
    "Server": "holdingline",
}


def nonce_of(request: web.Request) -> str:
    """What the scripts of this answer are marked with."""
    if NONCE not in request:
        request[NONCE] = secrets.token_urlsafe(18)
    return request[NONCE]


async def harden(request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers, whatever answered; what a handler set about keeping it stays.

    Plain http is left to a trial on one machine: any other browser is told never to come by it again.
    """
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce_of(request))
    response.headers.setdefault("Cache-Control", "no-store")
    if request.url.host != "localhost":
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
