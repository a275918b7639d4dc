-- The lists of the drop that are cut, as declared or seen. Their figures are not available, and links to them lead to no
-- row.
select object
from raw.drop_reach
where
    la_code = '{la_code}'
    and extract_month = date '{extract_month}'
    and (complete_from is not null or not is_every_event)
