-- A histogram is a list of counts by cell; trailing zeros are left out, and none at all is null.
CREATE FUNCTION histogram_of(p_cells integer[]) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
RETURN (
  SELECT array_agg(COALESCE(c.times, 0) ORDER BY n.cell)
  FROM generate_series(0, (SELECT max(m) FROM unnest(p_cells) AS m)) AS n(cell)
  LEFT JOIN (SELECT u AS cell, count(*)::integer AS times FROM unnest(p_cells) AS u GROUP BY u) AS c USING (cell)
);

CREATE FUNCTION add_histograms(p_one integer[], p_other integer[]) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
RETURN CASE
  WHEN p_one IS NULL THEN p_other
  WHEN p_other IS NULL THEN p_one
  ELSE (
    SELECT array_agg(COALESCE(s.one, 0) + COALESCE(s.other, 0) ORDER BY s.ordinality)
    FROM unnest(p_one, p_other) WITH ORDINALITY AS s(one, other, ordinality))
END;
