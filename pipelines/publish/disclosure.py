"""Disclosure control: what may leave the service.

So far it is the plain rule for rows of whole authorities: counts of 1 to 5 are suppressed, and so are
percentages that stand on such a count or on fewer than 6 children. Zero is shown. Rows of teams and localities
stay in `restricted/` until the second cell is found that keeps a suppressed one from being worked out from a
total.
"""

from pipelines.settings import SMALLEST_SHOWN_COUNT

_SMALL = f"between 1 and {SMALLEST_SHOWN_COUNT - 1}"

_IS_SMALL_FIGURE = f"""
        case unit
            when 'percentage' then
                coalesce(numerator {_SMALL} or denominator {_SMALL} or denominator - numerator {_SMALL}, false)
            else coalesce(numerator {_SMALL}, false)
        end
"""

OPEN_INDICATOR_MONTHLY = f"""
with authority_rows as (
    select
        *,
        {_IS_SMALL_FIGURE} as is_small
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

# what is published is public already; ours must not be worked out from the difference, nor narrowed by a verdict
OPEN_INDICATOR_BENCHMARK = f"""
with authority_rows as (
    select
        *,
        {_IS_SMALL_FIGURE} as is_small
    from marts.mart_indicator_benchmark
    where area_type = 'authority'
)

select * exclude (is_small) replace (
    case when not is_small then numerator end as numerator,
    case when not is_small then denominator end as denominator,
    case when not is_small then value end as value,
    case when not is_small then difference end as difference,
    case when not is_small then verdict else 'not_judged' end as verdict,
    case when not is_small then is_more_than_chance end as is_more_than_chance,
    case when not is_small then chance_method end as chance_method,
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
