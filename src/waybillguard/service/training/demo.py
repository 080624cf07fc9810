"""Training in the demo: the clerk has passed the lesson, the others have not."""

from django_scopes import scope

from waybillguard.inspect.training import course
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Role, User
from waybillguard.service.training import services


def fill(owner: User) -> None:
    """Let the demo's clerk pass the lesson and sign the agreement."""
    tenant = tenant_of(owner)
    with scope(tenant=tenant):
        clerk = User.objects.filter(tenant=tenant, role=Role.CLERK, is_active=True).order_by("pk").first()
        if clerk is None:
            return
        lesson = course().for_role(Role.CLERK)[0]
        answers = {question.id: question.right() for question in services.questions_of(lesson.id, 1)}
        services.take_attempt(clerk, lesson, 1, answers, reported=True)
        services.sign(clerk)
