select
    date_diff('month', max(extract_month), date '{extract_month}') as months_since_last_fit_drop,
    'the last fit drop is that of ' || strftime(max(extract_month), '%Y-%m') as months_since_last_fit_drop_detail
from last_fit_drop
