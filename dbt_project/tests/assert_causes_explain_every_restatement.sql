-- Fails with every row whose causes do not add up to the difference between reported and restated figure.
select
    indicator_id,
    la_code,
    area_type,
    area_name,
    month
from {{ ref('mart_restatement') }}
where
    round(
        numerator_late_recording + numerator_correction + numerator_withdrawal + numerator_overwritten + numerator_other
        - (restated_numerator - reported_numerator),
        6
    ) <> 0
    or round(
        denominator_late_recording + denominator_correction + denominator_withdrawal + denominator_overwritten
        + denominator_other - (restated_denominator - reported_denominator),
        6
    ) <> 0
