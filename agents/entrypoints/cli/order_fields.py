"""The fields of an order as arguments and options of a command, and what was typed as fields again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from inspect import Parameter, Signature, getdoc, signature
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import typer
from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from agents.entrypoints.cli.options import Misused, moment, pairs, said
from streams.codec import says

Made = TypeVar("Made", bound=BaseModel)
TO_COME = "a time to come"
"""Marks what takes a moment: `17:00` and `+30m` do as well as all of it."""


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field of an order, the parameter of the command that asks for it, and how an answer becomes the field."""

    field: str
    parameter: Parameter
    read: Callable[[Any], Any]

    @property
    def is_option(self) -> bool:
        """Whether it is typed by its name."""
        return self.parameter.kind is Parameter.KEYWORD_ONLY

    @property
    def shown(self) -> str:
        """What the help calls it: `MESSAGE`, `--next-update`."""
        return f"--{self.parameter.name.replace('_', '-')}" if self.is_option else self.parameter.name.upper()


def asked_of(body: type[BaseModel], *, without: Sequence[str] = ()) -> Sequence[AskedField]:
    """What a command asks for an order: what it is about and every required word are arguments, the rest options.

    A time is an option too. Arguments come first, as they are typed.
    """
    fields = {name: info for name, info in body.model_fields.items() if name != "kind" and name not in without}
    asked = [_ask(body, name, info) for name, info in fields.items()]
    return sorted(asked, key=lambda one: one.is_option)


def maker(body: type[Made], *, without: Sequence[str] = ()) -> Callable[..., Made]:
    """What makes an order of what was typed; its signature is what the command asks for."""
    asked = asked_of(body, without=without)

    def make(**given: Any) -> Made:  # noqa: ANN401 - see the signature below
        typed = {one.field: (one.read, given[one.parameter.name]) for one in asked}
        # What was left out is left to the order.
        fields = {field: read(value) for field, (read, value) in typed.items() if value is not None}
        try:
            return body(**fields)
        except ValidationError as error:
            raise Misused(says(error, {one.field: one.shown for one in asked})) from None

    make.__signature__ = Signature([one.parameter for one in asked])  # type: ignore[attr-defined] # for typer
    make.__doc__ = (getdoc(body) or "").split("\n\n")[0]
    return make


def times_of(make: Callable[..., BaseModel]) -> Sequence[str]:
    """The parameters of a maker that take a time to come."""
    return [one.name for one in signature(make).parameters.values() if TO_COME in get_args(one.annotation)]


def typed(given: BaseModel, *, without: Sequence[str] = ()) -> list[str]:
    """What a person types for the fields of an order, in the order of `asked_of`; defaults are left out."""
    words: list[str] = []
    for one in asked_of(type(given), without=without):
        value = getattr(given, one.field)
        if not one.is_option:
            words += [] if value is None else [str(value)]
        elif isinstance(value, tuple):
            words += [word for part in value for word in (one.shown, str(part))]
        elif isinstance(value, bool):
            words.append(one.shown if value else one.shown.replace("--", "--no-", 1))
        elif value != one.parameter.default:
            words += [one.shown, str(value)]
    return words


def _ask(body: type[BaseModel], name: str, info: FieldInfo) -> AskedField:
    kind = _plain(info.annotation)
    taken, make = _taken(body, name, kind)
    is_word = taken is str or (isinstance(taken, type) and issubclass(taken, Enum))
    is_argument = name.endswith("_id") or (info.is_required() and is_word and kind is not AwareDatetime)
    least = next((one.ge for one in info.metadata if hasattr(one, "ge")), None)
    about: dict[str, Any] = {"help": info.description, "callback": said if name == "reason" else None}
    asks = typer.Argument(**about) if is_argument else typer.Option(**about, min=least)
    default = Parameter.empty if info.is_required() else info.get_default(call_default_factory=True)
    if isinstance(default, Mapping | tuple):
        default = []
    elif default is None:
        taken = taken | None
    parameter = Parameter(
        _name_of(name, kind),
        Parameter.POSITIONAL_OR_KEYWORD if is_argument else Parameter.KEYWORD_ONLY,
        annotation=Annotated[taken, asks, TO_COME] if kind is AwareDatetime else Annotated[taken, asks],
        default=default,
    )
    return AskedField(name, parameter, make)


def _taken(body: type[BaseModel], name: str, kind: Any) -> tuple[Any, Callable[[Any], Any]]:  # noqa: ANN401 - a type
    """What typer reads for a field of this kind, and how the field is made of that."""
    origin = get_origin(kind) or kind
    if kind is AwareDatetime:
        return str, moment
    if origin is tuple:
        return list[str], tuple
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return list[str], pairs
    if isinstance(kind, type) and issubclass(kind, str | int):
        return kind, lambda value: value
    raise TypeError(f"{body.__name__}.{name} cannot be typed on a line: write the command by hand in `cli/orders.py`")


def _plain(annotation: Any) -> Any:  # noqa: ANN401 - any type
    """The type without its bounds, and without the None of a field that may be left out."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return type(get_args(annotation)[0])
    if get_origin(annotation) in {Union, UnionType}:
        return _plain(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def _name_of(name: str, kind: Any) -> str:  # noqa: ANN401 - any type
    """What a person calls a field: without its technical ending, and one of several by one of their names."""
    short = name.removesuffix("_id").removesuffix("_at")
    return short.removesuffix("s") if get_origin(kind) else short
