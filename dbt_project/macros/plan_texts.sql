{# Days, numbers and roles read from the free text of a plan. The tables keep the text as well. The cases
   are in _corporate_parenting__unit_tests.yml and _local__unit_tests.yml. #}

{# The part of a text that matches the first group of a pattern (an SQL literal); null without a match. #}
{% macro part_of(text, pattern) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, 1), '')
{%- endmacro %}


{# Whether the text in lower case matches a pattern (an SQL literal). #}
{% macro says(text, pattern) -%}
    regexp_matches(lower({{ text }}), {{ pattern }})
{%- endmacro %}


{# The text in lower case, without any part in brackets: '61.4% (range 60% to 70%)' becomes '61.4%'. #}
{% macro without_brackets(text) -%}
    trim(regexp_replace(lower({{ text }}), '[(][^)]*[)]', '', 'g'))
{%- endmacro %}


{# The number in a text. Words may follow it ('4 cases to date'). Null where there are two numbers ('64%; 57.7%'), a
   bound ('200+'), a change ('reduction by 130') or more than 15 digits, which is no figure but a slip. #}
{% macro number_in(text) -%}
    cast(replace({{ part_of(
        without_brackets(text),
        "'^(?:at least|at most|no more than|no fewer than|no less than|up to|minimum(?: of)?|maximum(?: of)?|total|[<>]=?|≤|≥)?"
        ~ "[ ]*£?[ ]*([0-9]{1,15}(?:,[0-9]{3}){0,4}(?:[.][0-9]{1,15})?)(?:[ %a-z][^0-9+]*)?$'"
    ) }}, ',', '') as double)
{%- endmacro %}


{# Unit of the number in a text: percentage, pounds or number; null where the text has no number. #}
{% macro unit_in(text) -%}
    case
        when {{ number_in(text) }} is null then null
        when {{ says(without_brackets(text), "'%|per ?cent'") }} then 'percentage'
        when {{ says(without_brackets(text), "'£'") }} then 'pounds'
        else 'number'
    end
{%- endmacro %}


{# Whether a target is a minimum or a maximum: as the plan says, else by the words of the target, else by those of the
   measure. Null where none of them says. #}
{% macro direction_of(given, target, metric) -%}
    case
        when {{ letters_and_digits(given) }} = 'atleast' then 'at_least'
        when {{ letters_and_digits(given) }} = 'atmost' then 'at_most'
        when {{ says(target, "'at least|minimum|no fewer|no less|or more|>|≥'") }} then 'at_least'
        when {{ says(target, "'at most|maximum|no more|up to|or fewer|or less|<|≤'") }} then 'at_most'
        when {{ says(metric, "'^(more|higher|increas|raise)'") }} then 'at_least'
        when {{ says(metric, "'^(fewer|less|lower|reduc|decreas)'") }} then 'at_most'
    end
{%- endmacro %}


{% macro month_words() -%}
    (?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)
{%- endmacro %}


{# Pattern of a day, or of a month with its year: 2019-12-31, 31/12/19, 15.01.19, 30th April 2020, Apr-19. #}
{% macro day_pattern() -%}
    [0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./-]+[0-9]{1,2}[./-]+(?:[0-9]{4}|[0-9]{2})|(?:[0-9]{1,2}(?:st|nd|rd|th)?[ -]+)?{{ month_words() }}[ .-]*(?:[0-9]{4}|[0-9]{2})
{%- endmacro %}


{# The latest day named in a text; a month counts as its last day. Null where the text names none, or only a day that
   does not exist (31/04/19) or is of the year 0. #}
{% macro latest_day_in(text) -%}
    list_max(list_filter(list_transform(
        regexp_extract_all(lower({{ text }}), '(^|[^0-9a-z])({{ day_pattern() }})', 2),
        lambda named: case
            when regexp_matches(named, '^[0-9]{4}-') then try_cast(named as date)
            when regexp_matches(named, '^[0-9]{1,2}[./-]+[0-9]')
                then cast(try_strptime(regexp_replace(named, '[./-]+', '/', 'g'), ['%d/%m/%y', '%d/%m/%Y']) as date)
            when regexp_matches(named, '^[0-9]')
                then cast(try_strptime(
                    regexp_extract(named, '^[0-9]+') || ' ' || left(regexp_extract(named, '[a-z]{3,}'), 3) || ' '
                    || right('20' || regexp_extract(named, '[0-9]+$'), 4),
                    '%d %b %Y'
                ) as date)
            else last_day(cast(try_strptime(
                '1 ' || left(named, 3) || ' ' || right('20' || regexp_extract(named, '[0-9]+$'), 4), '%d %b %Y'
            ) as date))
        end
    ), lambda day: day >= date '0001-01-01'))
{%- endmacro %}


{# How the day of a text was read: the text is a `day` or a `month`; a day `in_words`; `open_ended`, it goes on after
   the day; `no_date`; `impossible`, the day does not exist. Null where there is no text. #}
{% macro reading_of_day(text) -%}
    case
        when {{ text }} is null then null
        when {{ latest_day_in(text) }} is null
            then case when {{ says(text, "'(^|[^0-9a-z])(" ~ day_pattern() ~ ")'") }} then 'impossible' else 'no_date' end
        when {{ says(text, "'^[ ]*" ~ month_words() ~ "[ .-]*([0-9]{4}|[0-9]{2})[ ]*$'") }} then 'month'
        when {{ says(text, "'^[ ]*(" ~ day_pattern() ~ ")[ ]*$'") }} then 'day'
        when {{ says(text, "'^[ ]*from |(ongoing|monthly|quarterly|onwards)[^0-9]*$'") }} then 'open_ended'
        else 'in_words'
    end
{%- endmacro %}


{# Words of posts and services. Two to four capitalised words without any of them read like a person's name. #}
{% macro role_words() -%}
    adviser|agenc|apprentice|assessor|audit|authorit|board|business|care|carer|ccg|chair|chief|child|clerk|commission|communication|coordinator|corporate|council|counsel|deputy|development|director|district|education|employment|family|finance|forum|fostering|foundation|governor|group|growth|head|health|hospital|housing|improvement|independent|information|inspector|involvement|justice|lead|learning|legal|manager|member|network|nhs|nurse|officer|operation|participation|partner|people|permanence|performance|police|policy|practice|practitioner|president|principal|procurement|project|provider|psycholog|public|quality|resource|review|safeguarding|school|secretary|senior|service|skills|social|strateg|support|teacher|team|training|treasurer|trust|virtual|visitor|worker|workforce|youth
{%- endmacro %}


{% macro name_pattern() -%}
    '^((Mr|Mrs|Ms|Miss|Dr|Prof)[.]? [A-Z].*|[A-Z]([a-z]+|[.]|)([ -]+[A-Z](''|’)?[A-Za-z]+){1,3})$'
{%- endmacro %}


{# Whether a part of the text about who is responsible for an action reads like a person's name. #}
{% macro has_a_persons_name(text) -%}
    coalesce(len(list_filter(
        regexp_split_to_array({{ text }}, '[;,/()–—]|[ ]-[ ]'), lambda part: {{ is_a_persons_name('part') }}
    )) > 0, false)
{%- endmacro %}


{% macro is_a_persons_name(part) -%}
    regexp_matches(trim({{ part }}), {{ name_pattern() }})
    and not regexp_matches(lower({{ part }}), '(^|[^a-z])({{ role_words() }})')
{%- endmacro %}


{# Who is responsible for an action, without the parts that read like a person's name. #}
{% macro roles_of(text) -%}
    case
        when not {{ has_a_persons_name(text) }} then {{ text }}
        else nullif(array_to_string(list_filter(
            list_transform(
                regexp_split_to_array({{ text }}, '[;,/()–—]|[ ]-[ ]'), lambda part: trim(part)
            ),
            lambda part: part <> '' and not ({{ is_a_persons_name('part') }})
        ), '; '), '')
    end
{%- endmacro %}


{# Rank of a rating: the nearer to done, the higher. #}
{% macro brag_rank(brag_code) -%}
    case {{ brag_code }} when 'red' then 1 when 'amber' then 2 when 'green' then 3 when 'blue' then 4 end
{%- endmacro %}
