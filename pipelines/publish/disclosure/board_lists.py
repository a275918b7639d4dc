"""What is suppressed in the lists of the Corporate Parenting Board in `open/`.

Belongs here: the delivery plan and the employment table, which the authority writes itself. Does not belong here:
figures that are computed (`suppression`). Rounding does not change these lists.

In the delivery plan the current value, and the name of a measure, is suppressed if a small whole number occurs
in it: a text does not say what a number counts. In the employment table

* a small count is suppressed, and a share that stands for a small count or an unknown one;
* if one share of a cohort is suppressed, or the suppressed ones stand for few people, another is suppressed,
  because the shares add up to 100: the smallest that is not 0; the share in education, employment or training
  last, because other tables show it, too;
* a target that repeats a suppressed share of this or an earlier list is suppressed;
* a text that could not be read is suppressed if it is a figure of the table or has a digit.
"""

_SMALL_IN_TEXT = """len(list_filter(
    list_transform(regexp_extract_all({text}, '[0-9][0-9.,/:]*%?'), lambda part: rtrim(part, '.,/:')),
    lambda part: regexp_full_match(part, '[0-9]+') and try_cast(part as hugeint) between 1 and {largest}
)) > 0"""

_PLAN = """
    select * exclude (hides_metric, hides_current) replace (
        case when not hides_metric then metric end as metric,
        case when not hides_current then current_text end as current_text,
        case when not hides_current then current_number end as current_number,
        case when not hides_current then current_unit end as current_unit
    ),
        case when hides_current or hides_metric then 'suppressed' else 'shown' end as status
    from (
        select
            *,
            coalesce({small_metric}, false) as hides_metric,
            coalesce({small_current}, false) as hides_current
        from marts.mart_delivery_plan
    ) as actions
"""

_EET = """
    with figures as (
        select
            *,
            kind = 'table' and unit is not distinct from 'percentage' as is_share,
            case
                when value is null
                    then value_text is not null and (kind = 'table' or regexp_matches(value_text, '[0-9]'))
                when value = 0 or unit is null then false
                when kind = 'table' and unit = 'percentage' then young_people is null or young_people <= {largest}
                when unit = 'young_people' then value <= {largest}
                else false
            end as is_small
        from marts.mart_eet_plan
    ),
    cohorts as (
        select
            la_code, extract_month, cohort, period,
            count(*) as hidden,
            coalesce(sum(young_people), 0) as hidden_people
        from figures
        where is_share and is_small
        group by all
    ),
    beside as (
        select figures.la_code, figures.extract_month, figures.cohort, figures.period, figures.measure,
            figures.entry_number
        from figures
        inner join cohorts using (la_code, extract_month, cohort, period)
        where
            figures.is_share and not figures.is_small and figures.value > 0
            and (cohorts.hidden = 1 or cohorts.hidden_people <= {largest})
        qualify row_number() over (
            partition by figures.la_code, figures.extract_month, figures.cohort, figures.period
            order by upper(figures.measure) = 'EET', figures.young_people, figures.measure, figures.entry_number
        ) = 1
    ),
    first_hidden as (
        select figures.* replace (figures.is_small or beside.measure is not null as is_small)
        from figures
        left join beside
            on figures.is_share
            and figures.la_code = beside.la_code and figures.extract_month = beside.extract_month
            and figures.cohort = beside.cohort and figures.period = beside.period
            and figures.measure = beside.measure and figures.entry_number = beside.entry_number
    ),
    decided as (
        select
            figures.* exclude (is_share, is_small),
            figures.is_small or (
                figures.kind <> 'table' and figures.unit is not distinct from 'percentage'
                and exists (
                    select 1
                    from first_hidden as shares
                    where
                        shares.is_share and shares.is_small
                        and shares.la_code = figures.la_code
                        and shares.extract_month <= figures.extract_month
                        and shares.value = figures.value
                )
            ) as is_hidden
        from first_hidden as figures
    )
    select * exclude (is_hidden) replace (
        case when not is_hidden then value_text end as value_text,
        case when not is_hidden then value end as value,
        case when not is_hidden then young_people end as young_people,
        case when of_young_people = 0 or of_young_people > {largest} then of_young_people end as of_young_people
    ),
        case when is_hidden then 'suppressed' when value is null then 'not_available' else 'shown' end as status
    from decided
"""


def board_lists(smallest_shown: int) -> list[tuple[str, str]]:
    """The tables of `open/` that come from the board's lists, with the query that gives each."""
    largest = smallest_shown - 1
    small = {
        name: _SMALL_IN_TEXT.format(text=text, largest=largest)
        for name, text in (("small_metric", "metric"), ("small_current", "current_text"))
    }
    return [
        ("mart_delivery_objective", "select * from marts.mart_delivery_objective"),
        ("mart_delivery_plan", _PLAN.format(**small)),
        ("mart_eet_plan", _EET.format(largest=largest)),
    ]
