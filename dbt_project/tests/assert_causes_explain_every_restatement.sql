-- Fails with every row whose causes do not add up to the difference between reported and restated figure. What a row
-- adds may be a fraction, which is rounded for each row and for each figure.
select
    indicator_id,
    la_code,
    area_type,
    area_name,
    month
from {{ ref('mart_restatement') }}
where
    abs(
        numerator_late_recording + numerator_correction + numerator_withdrawal + numerator_overwritten + numerator_other
        - (restated_numerator - reported_numerator)
    ) > 0.001
    or abs(
        denominator_late_recording + denominator_correction + denominator_withdrawal + denominator_overwritten
        + denominator_other - (restated_denominator - reported_denominator)
    ) > 0.001
