with people_at_month_end as (
    select *
    from {{ ref('int_care_leaver_month_end') }}
),

people as (
    {{ with_parameters('people_at_month_end', 'month', [
        'age_of_youngest_with_adviser', 'age_of_oldest_with_adviser', 'months_of_pathway_plan',
    ]) }}
),

care_leavers as (
    select *
    from people
    where is_care_leaver
),

-- gone abroad, deported, residence not known: suitability cannot be judged
care_leavers_with_known_residence as (
    select *
    from care_leavers
    where coalesce(accommodation_letter, '') not in ('G', 'H', 'R')
),

-- every eligible person needs a pathway plan, at any age and with or without contact
people_with_pathway as (
    select *
    from people
    where is_care_leaver or eligibility = 'Eligible'
),

eligible_people as (
    select *
    from people
    where eligibility = 'Eligible' and age between age_of_youngest_with_adviser and age_of_oldest_with_adviser
),

final as (
    {{ child_rows('care_leavers', 'care_leavers', codes={
        'eligibility': 'eligibility',
        'accommodation': 'accommodation_letter',
        'activity': 'activity_code',
        'age_single': 'age',
    }) }}
    union all
    {{ child_rows(
        'care_leavers', 'care_leavers_in_touch',
        is_in_numerator='is_in_touch',
        reason="case
            when latest_contact_date is null then 'No contact recorded'
            when latest_contact_date > month then 'Last contact is after the month'
            else 'Last contact too long ago'
        end",
        due_date='contact_counts_until',
        actual_date='latest_contact_date',
        codes={'age_single': 'age'}
    ) }}
    union all
    {{ child_rows(
        'care_leavers_with_known_residence', 'care_leavers_suitable_accommodation',
        is_in_numerator='is_suitable_accommodation',
        reason="case
            when accommodation_suitable_code = '2' then 'Accommodation not suitable'
            else 'Suitability not recorded'
        end",
        codes={'accommodation': 'accommodation_letter', 'age_single': 'age'}
    ) }}
    union all
    {{ child_rows(
        'care_leavers', 'care_leavers_eet',
        is_in_numerator="eet_status = 'EET'",
        reason="case
            when eet_status = 'NEET' then 'Not in education, employment or training'
            else 'Activity not known'
        end",
        codes={'eet_class': eet_class('eet_status', 'activity_code'), 'age_single': 'age'}
    ) }}
    union all
    {{ child_rows(
        'people_with_pathway', 'care_leavers_pathway_plan_up_to_date',
        is_in_numerator='has_current_pathway_plan',
        reason="case
            when pathway_plan_review_date is null then 'No pathway plan'
            when pathway_plan_review_date > month then 'Pathway plan is dated after the month'
            else 'Pathway plan reviewed more than {months_of_pathway_plan} months before'
        end",
        due_date='pathway_plan_review_due_date',
        actual_date='pathway_plan_review_date',
        codes={'eligibility': 'eligibility'}
    ) }}
    union all
    {{ child_rows(
        'eligible_people', 'personal_adviser_allocated',
        is_in_numerator='has_personal_adviser',
        reason="'No personal adviser'"
    ) }}
)

select *
from final
