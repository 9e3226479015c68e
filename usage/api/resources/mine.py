"""What whoever made the token used through raxdash: the same question as of the team, of them alone."""

from usage.api.frame import Call, Found
from usage.api.resources.usage import rows_of
from usage.explore.query.dimensions import Dimension, Filter


def find(call: Call) -> Found:
    """The rows of a question about one's own runs."""
    mine = Filter.of(Dimension.MEMBER, [str(call.access.membership.user_id)])
    asked = call.parameters.but("limit", "cursor", "tz")
    return rows_of(call, asked | {mine.parameter: list(mine.values)})
