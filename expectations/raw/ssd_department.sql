select
    row_change_percent,
    row_change_percent_detail
from row_change
