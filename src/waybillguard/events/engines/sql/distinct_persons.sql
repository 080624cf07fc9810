-- How many different consignees each account looked at, exactly, over at most thirty days.
-- Tokens are keyed by year: a window over New Year counts under the old year's key (see seal/person.py), of which
-- orders of the new year carry ``person_token_previous``. A look without a token counts as its order, apart.
SELECT
  account,
  count(DISTINCT CASE
    WHEN :new_year > :first_day AND coalesce(order_day, day) >= :new_year
      THEN coalesce(person_token_previous, person_token)
    ELSE person_token
  END) AS persons,
  count(DISTINCT CASE WHEN person_token IS NULL THEN order_id END) AS orders_without_person,
  count(DISTINCT CASE WHEN exposed THEN CASE
    WHEN :new_year > :first_day AND coalesce(order_day, day) >= :new_year
      THEN coalesce(person_token_previous, person_token)
    ELSE person_token
  END END) AS persons_exposed
FROM events
WHERE tenant = :tenant AND day BETWEEN :first_day AND :last_day AND look
GROUP BY account
ORDER BY persons DESC, account NULLS FIRST
