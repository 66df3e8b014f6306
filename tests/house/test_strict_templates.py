from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines

from tests.strict_templates import UndefinedVariableError

OURS = Path(settings.BASE_DIR, "templates", "portal", "sample.html")
DJANGOS = Path("elsewhere", "admin", "change_list.html")


def render(source: str, where: Path, **context: object) -> str:
    template = Template(source, origin=Origin(str(where)), engine=engines["django"].engine)
    return template.render(Context(context))


def test_an_undefined_variable_in_a_template_of_ours_fails():
    with pytest.raises(UndefinedVariableError, match="nobody"):
        render("{{ nobody }}", OURS)
    with pytest.raises(UndefinedVariableError):
        render("{% for one in many %}{{ one.nothing }}{% endfor %}", OURS, many=[object()])


def test_defined_variables_and_other_peoples_templates_are_let_be():
    assert render("{{ somebody }}", OURS, somebody="Ada") == "Ada"
    assert render("{{ nobody }}", DJANGOS) == ""
