"""What is installed is pinned, hashed, declared and free."""

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import Distribution, distribution, packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import PACKAGES, ROOT, files, name, python_files

PIN = re.compile(r"^([a-z0-9-]+)==([\w.]+)( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")
# Shipped under a weaker copyleft, and why that is all right.
EXPLAINED = {"certifi": "MPL-2.0 binds its list of authorities alone, which comes along unchanged"}
# Two distributions that are one: the second is pinned by the first.
INSEPARABLE = {"pydantic-core": "pydantic"}
EXTRAS = ("traces", "vault")
# It runs in an environment of its own, which is pinned beside it.
ALONE = {"benchmarks/quix/count.py imports quixstreams"}
COPYLEFT = re.compile(
    r"\b(?:A|L)?GPL|Affero|General Public|MPL|Mozilla Public|EUPL|CDDL|SSPL|Business Source", re.IGNORECASE
)
STRONG = re.compile(r"(?<!L)GPL|Affero|(?<!Lesser )General Public|SSPL|Business Source", re.IGNORECASE)


def project() -> dict[str, list[str]]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = table["optional-dependencies"]
    return {"ship": table["dependencies"], **{name: extras[name] for name in (*EXTRAS, "dev")}}


def extras() -> list[str]:
    """What is shipped if a trust wants it.

    An environment that was made before an extra came is judged without it, until it is made anew; never in CI.
    """
    everything = [text for name in EXTRAS for text in project()[name]]
    there = {canonicalize_name(owner) for owners in packages_distributions().values() for owner in owners}
    return everything if os.environ.get("CI") else [one for one in everything if names([one]) <= there]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {found[1]: found[2] for line in lines if (found := PIN.match(line))}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


@cache
def shipped(root: str) -> frozenset[str]:
    """This distribution and everything it brings along here, without extras."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        current = canonicalize_name(waiting.pop())
        if current not in found:
            found.add(current)
            required = [Requirement(text) for text in distribution(current).requires or ()]
            waiting += [one.name for one in required if one.marker is None or one.marker.evaluate({"extra": ""})]
    return frozenset(found)


def licence(found: Distribution) -> str:
    """What its metadata says, from the clearest place that says anything."""
    said = found.metadata.get_all
    classifiers = [line for line in said("Classifier", []) if line.startswith("License ::")]
    return "; ".join(said("License-Expression", []) or classifiers or said("License", []))


def imported(*folders: str) -> Iterator[tuple[str, str]]:
    for path in python_files(*folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((name(path), alias.name.partition(".")[0]) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield name(path), node.module.partition(".")[0]


def undeclared(declared: set[str], *folders: str) -> set[str]:
    owners = packages_distributions()
    ours = {*sys.stdlib_module_names, *PACKAGES, "tests", "benchmarks"}
    return {
        f"{place} imports {module}"
        for place, module in imported(*folders)
        if module not in ours and not declared & {canonicalize_name(one) for one in owners.get(module, (module,))}
    }


@pytest.mark.parametrize("place", ["constraints.txt", "benchmarks/quix/constraints.txt"])
def test_every_line_of_the_constraints_is_a_pin_a_hash_or_a_comment(place: str) -> None:
    lines = (ROOT / place).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not (line.startswith("# ") or PIN.match(line) or HASH.match(line))] == []


def test_every_declared_dependency_is_pinned_within_its_range() -> None:
    declared = [Requirement(text) for group in project().values() for text in group]
    pinned = pins()
    assert [
        str(one) for one in declared if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))
    ] == []


def test_everything_shipped_is_pinned() -> None:
    extra = [one for root in names(extras()) for one in shipped(root)]
    assert {*shipped("holdingline"), *extra} - {"holdingline"} - set(pins()) == set()


def test_what_we_import_we_declare() -> None:
    """A module that only comes along with something else may leave with it."""
    groups = project()
    shipped_if_wanted = [text for name in EXTRAS for text in groups[name]]
    assert undeclared({*names(groups["ship"] + shipped_if_wanted), *INSEPARABLE}, *PACKAGES) == set()
    everything = {*names([one for group in groups.values() for one in group]), *INSEPARABLE}
    assert undeclared(everything, "tests", "benchmarks", "hatch_build.py") - ALONE == set()


def test_what_we_declare_we_use() -> None:
    owners = packages_distributions()
    used = {canonicalize_name(owner) for _, module in imported(*PACKAGES) for owner in owners.get(module, ())}
    indirect = {"tzdata"}  # zoneinfo reads it where the system has no time zones of its own.
    assert names(project()["ship"] + extras()) - used - indirect == set()


def test_nothing_shipped_is_under_a_licence_that_would_bind_the_trust() -> None:
    extra = [one for root in names(extras()) for one in shipped(root)]
    licences = {one: licence(distribution(one)) for one in {*shipped("holdingline"), *extra}}
    assert {one: text for one, text in licences.items() if not text} == {}
    assert {one: text for one, text in licences.items() if STRONG.search(text)} == {}
    assert {one for one, text in licences.items() if COPYLEFT.search(text)} == set(EXPLAINED)


def test_every_dependency_says_why_it_is_here() -> None:
    page = next(path for path in files() if path.name == "0004-dependencies.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z0-9.-]+)` \|", page, re.MULTILINE))
    declared = {Requirement(text).name for group in project().values() for text in group}
    assert explained == declared
