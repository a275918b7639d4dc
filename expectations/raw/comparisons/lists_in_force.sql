-- The version of each list that counts for the drop, and how many months ago it came.
select
    versions.object,
    date_diff('month', max(versions.extract_month), date '{extract_month}') as months_ago,
    versions.object || ' is that of ' || strftime(max(versions.extract_month), '%Y-%m') as finding
from raw.list_version as versions
inner join raw.drop as drops
    on
        versions.la_code = drops.la_code
        and versions.extract_month = drops.extract_month
where
    versions.la_code = '{la_code}'
    and versions.extract_month <= date '{extract_month}'
    and versions.counts_until_next
    and drops.is_loaded
    and drops.is_fit is not false
group by versions.object
