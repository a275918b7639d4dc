-- Functions with the same results as macros of dbt: tests/integration/test_rules_beside_dbt.py compares the two.

-- Completed years. A birthday of 29 February falls on 1 March in other years.
create or replace temp macro age_at(birth, day) as
    year(day) - year(birth)
    - case when month(day) * 100 + day(day) < month(birth) * 100 + day(birth) then 1 else 0 end;

-- The start is the first day of a period, the end is the first day after it.
create or replace temp macro is_open_on(start_date, end_date, day) as
    start_date <= day and (end_date is null or end_date > day);

-- Ids are compared as text, or as numbers where all ids of the column are whole numbers.
create or replace temp macro id_order(id) as
    case
        when bool_and(regexp_full_match(id, '[0-9]+')) over () then lpad(ltrim(id, '0'), 40, '0')
        else id
    end;

create or replace temp macro letters_and_digits(words) as
    regexp_replace(lower(words), '[^a-z0-9]', '', 'g');

-- Types of placement in which a child stays for some days before returning.
create or replace temp macro is_temporary(placement_type) as
    placement_type in ('T0', 'T1', 'T2', 'T3', 'T4');
