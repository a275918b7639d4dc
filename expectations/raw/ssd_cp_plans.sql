select
    row_change.row_change_percent,
    row_change.row_change_percent_detail,
    newest_event.newest_date
from row_change
cross join newest_event
