{% set no_work = "case
            when activity_code in ('G4', 'G5', 'G6') then 'Not in education, employment or training'
            else 'Activity not known'
        end" %}
{% set is_in_work = "eet_status = 'EET'" %}
{% set eet_codes = {
    'eet_class': eet_class('eet_status', 'activity_code'), 'activity': 'activity_code', 'age_single': 'age',
} %}
{% set school_year_codes = {'eet_class': eet_class('eet_status', 'activity_code'), 'eligibility': 'eligibility'} %}
{% set activity_codes = {'activity': 'activity_code', 'age_single': 'age'} %}
{% set age_code = {'age_single': 'age'} %}

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

-- looked after or not, by the school year that the age at its beginning gives
people_by_school_year as (
    select *
    from people
    where
        (is_care_leaver or eligibility = 'Eligible')
        and coalesce(in_touch_code, '') not in ('DIED', 'RHOM')
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
    union all
    {{ child_rows(
        'care_leavers', 'care_leavers_neet',
        is_in_numerator="activity_code in ('G4', 'G5', 'G6')",
        reason="case
            when eet_status = 'EET' then 'In education, employment or training'
            else 'Activity not known'
        end",
        codes={'eet_class': eet_class('eet_status', 'activity_code'), 'age_single': 'age'}
    ) }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_eet_16_17', is_in_work, no_work, codes=eet_codes,
        where='age between 16 and 17') }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_eet_18', is_in_work, no_work, codes=eet_codes,
        where='age = 18') }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_eet_19_21', is_in_work, no_work, codes=eet_codes,
        where='age between 19 and 21') }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_eet_22_25', is_in_work, no_work, codes=eet_codes,
        where='age between 22 and 25') }}
    union all
    {{ child_rows('people_by_school_year', 'eet_year_12', is_in_work, no_work, codes=school_year_codes,
        where='age_when_school_year_began = 16') }}
    union all
    {{ child_rows('people_by_school_year', 'eet_year_13', is_in_work, no_work, codes=school_year_codes,
        where='age_when_school_year_began = 17') }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_higher_education', codes=activity_codes,
        where="activity_code in ('F1', 'P1')") }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_apprenticeship', codes=activity_codes,
        where="activity_code in ('F4', 'P4')") }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_homeless_or_bed_and_breakfast',
        codes={'accommodation': 'accommodation_letter', 'age_single': 'age'},
        where="accommodation_letter in ('S', 'V', 'W')") }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_staying_put', codes=age_code,
        where="accommodation_letter = 'Z' and age between 18 and 20") }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_independent', codes=age_code, where="accommodation_letter = 'U'") }}
    union all
    {{ child_rows('care_leavers', 'care_leavers_custody', codes=age_code, where="accommodation_letter = 'X'") }}
)

select *
from final
