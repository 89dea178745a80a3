"""Every address of the console, in one table: who may see it, and what answers."""

from agents.console.locks import Open, PageRoute, SignedIn
from agents.console.pages import (
    answers,
    asked,
    declaring,
    directory,
    files,
    incident,
    lines,
    now,
    orders,
    release,
    sign_in,
)
from agents.console.pages.overviews import briefing, drills, months, record, register, status
from agents.console.pages.settled import cases, deliveries, holds, naming, network, plans, posts, powers
from agents.console.rates import AddressRate
from agents.console.streaming import live

HERE = "/incidents/{incident}"
SIGNED_IN, ASKED = SignedIn(), SignedIn(by_link=True)
SIGN_INS, ORDERS = AddressRate("sign-in", 10, failed_only=True), AddressRate("orders", 120)
DIRECTORY = AddressRate("directory", 60)
LINKS, EXPORTS = AddressRate("links", 30, failed_only=True), AddressRate("exports", 20)
DRILLS, MONTHS = AddressRate("drills", 20), AddressRate("months", 120)

ROUTES = (
    PageRoute("GET", "/health", files.health, Open("a watchdog has no passkey, and learns nothing but that we live")),
    PageRoute("GET", "/static/{name}", files.static, Open("style and scripts say nothing of the trust")),
    PageRoute("GET", "/sign-in", sign_in.page, Open("it is the way in")),
    PageRoute("POST", "/sign-in", sign_in.by_passkey, Open("it is the way in; the passkey opens it"), SIGN_INS),
    PageRoute("POST", "/sign-in/name", sign_in.by_name, Open("it is the way in to a drill; shut in live"), SIGN_INS),
    PageRoute("GET", "/sign-in/directory", directory.way_in, Open("it is the way in by the directory"), DIRECTORY),
    PageRoute("GET", directory.BACK, directory.come_back, Open("the directory's answer opens it"), SIGN_INS),
    PageRoute("GET", "/sign-out/directory", directory.way_out, Open("everybody may leave"), DIRECTORY),
    PageRoute("POST", "/sign-out/everywhere", sign_in.sign_out_everywhere, SIGNED_IN),
    PageRoute("GET", "/me", sign_in.me, SIGNED_IN),
    PageRoute("POST", "/sign-out", sign_in.sign_out, Open("everybody may leave")),
    PageRoute("GET", "/passkey", sign_in.passkey_page, Open("a passkey counts only once another person enrolled it")),
    PageRoute("GET", "/s", asked.opening, Open("what a link carries comes after it")),
    PageRoute("POST", "/s", asked.open_link, Open("a link carries its own proof"), LINKS),
    PageRoute("GET", "/", now.page, SIGNED_IN),
    PageRoute("GET", "/events", live(now.part), SIGNED_IN),
    PageRoute("GET", "/declare", declaring.page, SIGNED_IN),
    PageRoute("POST", "/declare", declaring.page, SIGNED_IN),
    PageRoute("GET", HERE, incident.page, SIGNED_IN),
    PageRoute("GET", f"{HERE}/events", live(incident.part), SIGNED_IN),
    PageRoute("GET", f"{HERE}/release", release.page, SIGNED_IN),
    PageRoute("GET", f"{HERE}/release/{{template}}", release.page, SIGNED_IN),
    PageRoute("GET", f"{HERE}/messages/{{message}}/{{act:withdraw|correct}}", release.follow_up, SIGNED_IN),
    PageRoute("GET", f"{HERE}/all-clear", release.all_clear, SIGNED_IN),
    PageRoute("GET", f"{HERE}/draft", lines.page, SIGNED_IN),
    PageRoute("POST", f"{HERE}/draft", lines.page, SIGNED_IN),
    PageRoute("GET", f"{HERE}/sign-off/{{message}}", answers.sign_off, ASKED),
    PageRoute("GET", f"{HERE}/searches/{{search}}", asked.search, ASKED),
    PageRoute("GET", f"{HERE}/deliveries/{{delivery}}", deliveries.in_incident, SIGNED_IN),
    PageRoute("GET", f"{HERE}/partners/{{partner}}", powers.partner_in_incident, SIGNED_IN),
    PageRoute("GET", f"{HERE}/name", naming.page, SIGNED_IN),
    PageRoute("GET", f"{HERE}/report", declaring.report, SIGNED_IN),
    PageRoute("POST", f"{HERE}/report", declaring.report, SIGNED_IN),
    PageRoute("GET", f"{HERE}/share", posts.share, SIGNED_IN),
    PageRoute("POST", f"{HERE}/share", posts.share, SIGNED_IN),
    PageRoute("GET", f"{HERE}/hold", holds.place, SIGNED_IN),
    PageRoute("POST", f"{HERE}/hold", holds.place, SIGNED_IN),
    PageRoute("GET", f"{HERE}/holds/{{hold}}", holds.lift, SIGNED_IN),
    PageRoute("GET", f"{HERE}/responders", network.responders, SIGNED_IN),
    PageRoute("GET", f"{HERE}/steps/{{step}}", network.step, SIGNED_IN),
    PageRoute("GET", f"{HERE}/record", record.page, SIGNED_IN),
    PageRoute("GET", f"{HERE}/evidence", record.evidence, SignedIn(record.MAY_TAKE), EXPORTS),
    PageRoute("GET", f"{HERE}/briefing", briefing.page, SIGNED_IN),
    PageRoute("GET", f"{HERE}/{{act:freeze|resume|stand-down|cancel}}", answers.reasoned, SIGNED_IN),
    PageRoute("GET", "/cases", cases.listing, SIGNED_IN),
    PageRoute("GET", "/cases/new", cases.new, SIGNED_IN),
    PageRoute("GET", "/cases/{case}", cases.one, SIGNED_IN),
    PageRoute("GET", "/plans", plans.listing, SIGNED_IN),
    PageRoute("GET", "/plans/{plan}", plans.one, SIGNED_IN),
    PageRoute("GET", "/plans/{plan}/deliveries/{delivery}", deliveries.of_plan, SIGNED_IN),
    PageRoute("GET", "/register", register.page, SIGNED_IN),
    PageRoute("GET", "/templates", register.templates, SIGNED_IN),
    PageRoute("GET", "/templates/{template}", register.template, SIGNED_IN),
    PageRoute("GET", "/status", status.page, SIGNED_IN),
    PageRoute("GET", "/months", months.page, SIGNED_IN, MONTHS),
    PageRoute("GET", "/months/data", months.data, SIGNED_IN, MONTHS),
    PageRoute("GET", "/exercises", drills.page, SIGNED_IN),
    PageRoute("GET", "/exercises/run", drills.watch, SIGNED_IN),
    PageRoute("GET", "/exercises/run/events", live(drills.part, is_of_log=False), SIGNED_IN),
    PageRoute("GET", "/exercises/run/report", drills.report, SIGNED_IN, DRILLS),
    PageRoute("POST", "/exercises/{scenario}", drills.begin, SIGNED_IN, DRILLS),
    PageRoute("GET", "/register/changes/{change}", powers.change, SIGNED_IN),
    PageRoute("GET", "/partners/{partner}", powers.partner, SIGNED_IN),
    PageRoute("GET", "/register/look-alikes/{imitates}", powers.look_alikes, SIGNED_IN),
    PageRoute("GET", "/accounts/{account}", powers.account_page, SIGNED_IN),
    PageRoute("POST", "/orders", orders.give, Open("an order bears its own proof, and the desk judges it"), ORDERS),
)
