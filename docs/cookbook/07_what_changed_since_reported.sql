-- Question: Which figures that a board has seen are different now, and is it late recording or correction?
-- Reads: restricted/warehouse.duckdb, mart_restatement
-- Look out: neither figure is wrong: one shows what was recorded when the month was reported, the other what is
--   recorded now. The list of care leavers is overwritten each month, so its past is lost, not corrected.
select
    indicator_id,
    month,
    reported_numerator,
    reported_denominator,
    round(reported_value, 1) as reported,
    round(restated_value, 1) as known_now,
    round(value_change, 1) as change,
    numerator_late_recording as recorded_late,
    numerator_correction as corrected,
    numerator_withdrawal as withdrawn,
    numerator_overwritten as overwritten,
    numerator_other as other
from mart_restatement
where
    la_code = '888'
    and area_type = 'authority'
    and restated_numerator <> reported_numerator
order by abs(value_change) desc, indicator_id asc, month asc;
