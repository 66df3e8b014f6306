"""What is remembered holds exactly as long as nothing that it was read from has changed."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from accounts import memory
from accounts.models import User
from content.models import Faq, PageText
from tests.factories import UserFactory


@pytest.mark.django_db(transaction=True)
def test_it_is_worked_out_again_after_a_change_of_what_it_was_read_from_and_then_alone() -> None:
    faq = Faq.objects.create(question="Old?", answer="Yes.")
    worked: list[str] = []

    def questions() -> list[str]:
        def read() -> list[str]:
            worked.append("read")
            return list(Faq.objects.values_list("question", flat=True))

        return memory.of("test")("questions", read)

    def names() -> str:
        return memory.of("test")("names", lambda: ", ".join(User.objects.values_list("last_name", flat=True)))

    assert [questions(), questions()] == [["Old?"], ["Old?"]]
    assert len(worked) == 1
    PageText.objects.create(key="other", title="x", body="x")
    assert questions() == ["Old?"]
    assert len(worked) == 1

    Faq.objects.filter(pk=faq.pk).update(question="New?")  # no signal tells of it
    assert questions() == ["New?"]
    with transaction.atomic():
        Faq.objects.create(question="Never?", answer="No.")
        assert "Never?" in questions()  # whoever writes sees it, and nobody else is told
        transaction.set_rollback(True)
    assert questions() == ["New?"]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE content_faq")
    assert questions() == []

    person = UserFactory(last_name="Adeyemi")
    assert names() == "Adeyemi"
    User.objects.update(last_login=person.created_at)
    assert memory.of("test").still(set()).keys() == {"questions", "names"}
    User.objects.update(last_name="Brown")
    assert names() == "Brown"

    # What asks for something that is remembered hangs on what that was read from, too.
    def both() -> str:
        known = memory.of("test")
        return known("both", lambda: "".join(known("questions", lambda: list(Faq.objects.values_list("question")))))

    assert [questions(), both()] == [[], ""]
    Faq.objects.create(question="One?", answer="Yes.")
    assert [questions(), "both" in memory.of("test").still(set())] == [["One?"], False]
    # What nobody watches is not kept.
    assert memory.of("test")("texts", lambda: list(ContentType.objects.values_list("model")))
    assert "texts" not in memory.of("test").still(set())
