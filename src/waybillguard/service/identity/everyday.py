"""What the policies say of somebody's everyday work, asked wherever a role is asked (`User.may`)."""

from typing import Any

from waybillguard.access.decision import Decision
from waybillguard.service.platform.hooks import Question

everyday_decision: Question[[Any, Any], Decision | None] = Question("the policies' decision on everyday work")
"""Person and permission; None where the policies have no say."""
