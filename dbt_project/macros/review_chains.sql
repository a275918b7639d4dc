{# A chain of reviews: each is due so many months after the one before it was held, whenever that was due.

   `reviews` is a CTE with la_code, extract_month, the column named by `chain` that says which chain a review
   belongs to, id_sort_key, held_date, first_due_date and fault: why a review does not count, null where it
   counts, and is_cut: whether earlier reviews may be missing, because they are older than the reviews of the drop.
   `months_after_first` and `months_after_later` name its columns with the months from a review
   to the next one. Of two on one day the one with the highest id counts. Reviews that do not count have no number,
   and the chain ignores them. Where the chain is cut, no review has a number, and the first one seen has no due date. #}
{% macro review_chain(reviews, chain, months_after_first, months_after_later) -%}
    select
        numbered.*,
        case when not is_cut then place_in_chain end as review_number,
        coalesce(is_cut and place_in_chain = 1, false) as is_first_seen,
        case
            when place_in_chain = 1 and not is_cut then first_due_date
            when place_in_chain > 1
                then lag(next_due_date) over (
                    partition by la_code, extract_month, {{ chain }}, is_counted
                    order by held_date
                )
        end as due_date
    from (
        select
            counted.*,
            case
                when place_in_chain = 1 and not is_cut then {{ add_months('held_date', months_after_first) }}
                when place_in_chain >= 1 then {{ add_months('held_date', months_after_later) }}
            end as next_due_date
        from (
            select
                judged.*,
                case
                    when is_counted
                        then row_number() over (
                            partition by la_code, extract_month, {{ chain }}, is_counted
                            order by held_date
                        )
                end as place_in_chain
            from (
                select
                    ranked.*,
                    fault is null and precedence = 1 as is_counted,
                    case
                        when fault is null and precedence > 1 then 'Another review on the same day'
                        else fault
                    end as not_counted_reason
                from (
                    select
                        reviews.*,
                        row_number() over (
                            partition by la_code, extract_month, {{ chain }}, held_date, fault
                            order by id_sort_key desc
                        ) as precedence
                    from {{ reviews }} as reviews
                ) as ranked
            ) as judged
        ) as counted
    ) as numbered
{%- endmacro %}


{# The middle of the time between a review and the day on which the next one is due. #}
{% macro midpoint(held_date, next_due_date) -%}
    {{ add_days(held_date, 'cast(floor(' ~ dbt.datediff(held_date, next_due_date, 'day') ~ ' / 2.0) as integer)') }}
{%- endmacro %}
