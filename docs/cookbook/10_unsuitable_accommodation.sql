-- Question: Where do care leavers live whose accommodation is not suitable, and are they in work or study?
-- Reads: restricted/warehouse.duckdb, current_care_leaver, dim_code
-- Look out: suitability is recorded for each person and does not follow from the kind of accommodation. People
--   who went abroad, were deported or have an unknown residence (G, H, R) are not in the indicator.
select
    people.accommodation_code,
    coalesce(codes.label, 'not known to the code set') as accommodation,
    count(*) as people,
    count(*) filter (where people.age_band = '16-17') as aged_16_17,
    count(*) filter (where people.eet_status = 'EET') as in_work_or_study,
    count(*) filter (where people.eet_status = 'NEET') as not_in_work_or_study,
    count(*) filter (where people.eet_status = 'not_known') as activity_not_known
from current_care_leaver as people
left join dim_code as codes
    on people.accommodation_code = codes.code and codes.code_set = 'accommodation'
where
    people.la_code = '888'
    and people.is_care_leaver
    and not coalesce(people.is_suitable_accommodation, false)
    and left(coalesce(people.accommodation_code, ''), 1) not in ('G', 'H', 'R')
group by people.accommodation_code, accommodation
order by people desc, people.accommodation_code asc;
