"""Disclosure control: what may leave the service.

So far it is the plain rule for rows of whole authorities: counts of 1 to 5 are suppressed, and so are
percentages that stand on such a count or on fewer than 6 children. Zero is shown. Rows of teams and localities
stay in `restricted/` until the second cell is found that keeps a suppressed one from being worked out from a
total.
"""

from pipelines.settings import SMALLEST_SHOWN_COUNT

_SMALL = f"between 1 and {SMALLEST_SHOWN_COUNT - 1}"

OPEN_INDICATOR_MONTHLY = f"""
with authority_rows as (
    select
        *,
        case unit
            when 'percentage' then
                coalesce(numerator {_SMALL} or denominator {_SMALL} or denominator - numerator {_SMALL}, false)
            else coalesce(numerator {_SMALL}, false)
        end as is_small
    from marts.mart_indicator_monthly
    where area_type = 'authority'
)

select * exclude (is_small) replace (
    case when not is_small then numerator end as numerator,
    case when not is_small then denominator end as denominator,
    case when not is_small then value end as value,
    case when is_small then 'suppressed' else status end as status
)
from authority_rows
"""

OPEN_DATA_QUALITY = f"""
with authority_rows as (
    select
        *,
        failed {_SMALL} or new {_SMALL} or fixed {_SMALL} or checked - failed {_SMALL} as is_small
    from marts.mart_data_quality
    where area_type = 'authority'
)

select * exclude (is_small) replace (
    case when not is_small then failed end as failed,
    case when not is_small then new end as new,
    case when not is_small then fixed end as fixed,
    case when not is_small then failed_percent end as failed_percent
),
    case when is_small then 'suppressed' else 'shown' end as status
from authority_rows
"""
