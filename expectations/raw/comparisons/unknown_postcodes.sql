-- The placements open at the month end with a postcode, and the share of them, in per cent, whose postcode begins with no
-- row of postcode.csv. Without that file there are none.
select
    100.0 * count(*) filter (where placement_la_code is null) / count(*) as percent,
    format('{:,}', count(*) filter (where placement_la_code is null)) || ' of ' || format('{:,}', count(*))
    || ' placements open at the month end have a postcode that raw/reference/postcode.csv does not know' as finding
from raw.ssd_cla_placement
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and has_postcode = 'Y'
    and clap_cla_placement_start_date <= date '{extract_month}'
    and (clap_cla_placement_end_date is null or clap_cla_placement_end_date > date '{extract_month}')
having count(*) > 0
