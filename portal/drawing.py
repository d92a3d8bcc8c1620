"""Fields drawn without a template, for the pages that carry the rush before a deadline: the same HTML, in a fraction of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe

from portal.icons import icon

# The `kind` of a form field says how it is drawn.
WORDS, TEXT, NUMBER, ONE, MANY, PICK = "words", "text", "number", "one", "many", "pick"


def field(bound: Any) -> SafeString:
    """A bound field with its label, help, errors and control, as `bootstrap5/field.html` draws one.

    The form's field has a `kind`; a long text also `rows` and perhaps a `word_limit`, a choice perhaps `if_no`.
    Everything that is not markup of this module is escaped.
    """
    kind, own, name = bound.field.kind, bound.field, esc(bound.auto_id)
    errors, hint = bound.errors, bound.help_text
    told = [f"{name}_helptext"] if hint else []
    told += [f"{name}_error"] if errors else []
    described = f' aria-describedby="{" ".join(told)}"' if told else ""
    optional = "" if own.required else ' <span class="optional">(optional)</span>'
    above = f'<div id="{name}_helptext" class="form-text">{esc(hint)}</div>' if hint else ""
    if errors:
        said = " ".join(esc(each) for each in errors)
        sign = icon("exclamation-triangle")
        above += f'<div class="field-error" id="{name}_error">{sign}<span>{said}</span></div>'
    label = f"{esc(bound.label)}{optional}"
    invalid = " is-invalid" if errors else ""
    if kind in {ONE, MANY}:
        boxes = "".join(_boxes(bound, kind, name, invalid))
        after = f'<p class="if-no">{esc(own.if_no)}</p>' if getattr(own, "if_no", "") else ""
        inner = f"<fieldset{described}><legend>{label}</legend>{above}{boxes}{after}</fieldset>"
    else:
        rest = f'{described} aria-invalid="true"' if errors else described
        head = f'name="{esc(bound.html_name)}" id="{name}"'
        control = _CONTROLS[kind](bound, head, invalid, rest)
        inner = f'<label for="{name}" class="form-label">{label}</label>{above}{control}'
    has = " has-error" if errors else ""
    return mark_safe(f'<div id="div_{name}" class="field{has}">{inner}</div>')  # noqa: S308 - escaped piece by piece


def _value(bound: Any) -> str:
    value = bound.value()
    return "" if value is None else esc(value)


def _words(bound: Any, head: str, invalid: str, rest: str) -> str:
    own = bound.field
    limit = f' data-word-limit="{own.word_limit}"' if getattr(own, "word_limit", None) else ""
    # The browser drops the first line end of a text area.
    return f'<textarea {head} rows="{own.rows}"{limit} class="form-control{invalid}"{rest}>\n{_value(bound)}</textarea>'


def _text(bound: Any, head: str, invalid: str, rest: str) -> str:
    longest = bound.field.max_length
    limit = f' maxlength="{longest}"' if longest else ""
    return f'<input type="text" {head} value="{_value(bound)}"{limit} class="form-control{invalid}"{rest}>'


def _number(bound: Any, head: str, invalid: str, rest: str) -> str:
    return (
        f'<input type="text" {head} value="{_value(bound)}" inputmode="decimal" autocomplete="off"'
        f' class="form-control num{invalid}"{rest}>'
    )


def _pick(bound: Any, head: str, invalid: str, rest: str) -> str:
    chosen = str(bound.value())
    options = "".join(
        f'<option value="{esc(value)}"{" selected" if str(value) == chosen else ""}>{esc(words)}</option>'
        for value, words in bound.field.choices
    )
    return f'<select {head} class="form-select{invalid}"{rest}>{options}</select>'


def _boxes(bound: Any, kind: str, name: str, invalid: str) -> Iterable[str]:
    shape, value = ("radio", [bound.value()]) if kind == ONE else ("checkbox", bound.value() or ())
    for number, (choice, words) in enumerate(bound.field.choices):
        checked = " checked" if choice in value else ""
        yield (
            f'<div class="form-check"><input type="{shape}" class="form-check-input{invalid}"'
            f' name="{esc(bound.html_name)}" value="{esc(choice)}" id="{name}_{number}"{checked}>'
            f'<label for="{name}_{number}" class="form-check-label">{esc(words)}</label></div>'
        )


_CONTROLS: dict[str, Callable[[Any, str, str, str], str]] = {
    WORDS: _words,
    TEXT: _text,
    NUMBER: _number,
    PICK: _pick,
}
