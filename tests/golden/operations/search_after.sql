WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r$17) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r$16) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM (SELECT t$12.id AS id, CASE WHEN (lower(normalize(t$12.name, NFKC)) = $5::VARCHAR) THEN 0 WHEN (lower(normalize(t$12.name, NFKC)) LIKE $6::VARCHAR) THEN 1 WHEN (t$12.pinyin LIKE $6::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$12.code) AS weight, 0 AS kind, CAST(t$12.path AS TEXT) AS key 
FROM org_unit AS t$12 
WHERE t$12.path >= $7::VARCHAR COLLATE "C" AND t$12.path < $8::VARCHAR COLLATE "C" AND ((t$12.grams @> $9::TEXT[] COLLATE "C") AND (lower(normalize(t$12.name, NFKC)) LIKE $10::VARCHAR OR t$12.pinyin LIKE $11::VARCHAR COLLATE "C") OR t$12.pinyin LIKE $12::VARCHAR COLLATE "C") UNION ALL SELECT t$13.id AS id, CASE WHEN (lower(normalize(t$13.name, NFKC)) = $13::VARCHAR) THEN 0 WHEN (lower(normalize(t$13.name, NFKC)) LIKE $14::VARCHAR) THEN 1 WHEN (t$13.pinyin LIKE $14::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$13.unit_path) AS weight, 1 AS kind, CAST(t$13.id AS TEXT) AS key 
FROM party_organization AS t$13 
WHERE t$13.unit_path >= $15::VARCHAR COLLATE "C" AND t$13.unit_path < $16::VARCHAR COLLATE "C" AND ((t$13.grams @> $17::TEXT[] COLLATE "C") AND (lower(normalize(t$13.name, NFKC)) LIKE $18::VARCHAR OR t$13.pinyin LIKE $19::VARCHAR COLLATE "C") OR t$13.pinyin LIKE $20::VARCHAR COLLATE "C")) AS u$14) AS "totalCount", g$11."$1_0" AS edges, (SELECT row_to_json(r$15) AS row_to_json_3 
FROM (SELECT g$11."$2_0" AS "hasNextPage", true AS "hasPreviousPage") AS r$15) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r$10) AS row_to_json_4 
FROM (SELECT translate(encode(substr(sha256($21::BYTEA || sha256($21::BYTEA || convert_to(CAST(json_build_array(CAST(p$5.rank AS TEXT), CAST(p$5.weight AS TEXT), CAST(p$5.kind AS TEXT), CAST(p$5.key AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p$5.rank AS TEXT), CAST(p$5.weight AS TEXT), CAST(p$5.kind AS TEXT), CAST(p$5.key AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_') AS cursor, CASE WHEN (p$5.kind = 0) THEN (SELECT row_to_json(r$7) AS row_to_json_5 
FROM (SELECT 
FROM org_unit AS t$6 
WHERE t$6.id = p$5.id) AS r$7) WHEN (p$5.kind = 1) THEN (SELECT row_to_json(r$9) AS row_to_json_6 
FROM (SELECT t$8.name AS name 
FROM party_organization AS t$8 
WHERE t$8.id = p$5.id) AS r$9) END AS node) AS r$10)) FILTER (WHERE p$5."$place" <= $22::INTEGER), '[]'::json) AS "$1_0", count(*) > $22::INTEGER AS "$2_0" 
FROM (SELECT p$4.id AS id, p$4.rank AS rank, p$4.weight AS weight, p$4.kind AS kind, p$4.key AS key, row_number() OVER () AS "$place", count(*) OVER () AS "$total" 
FROM (SELECT u$3.id AS id, u$3.rank AS rank, u$3.weight AS weight, u$3.kind AS kind, u$3.key AS key 
FROM (SELECT t$1.id AS id, CASE WHEN (lower(normalize(t$1.name, NFKC)) = $5::VARCHAR) THEN 0 WHEN (lower(normalize(t$1.name, NFKC)) LIKE $6::VARCHAR) THEN 1 WHEN (t$1.pinyin LIKE $6::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$1.code) AS weight, 0 AS kind, CAST(t$1.path AS TEXT) AS key 
FROM org_unit AS t$1 
WHERE t$1.path >= $7::VARCHAR COLLATE "C" AND t$1.path < $8::VARCHAR COLLATE "C" AND ((t$1.grams @> $9::TEXT[] COLLATE "C") AND (lower(normalize(t$1.name, NFKC)) LIKE $10::VARCHAR OR t$1.pinyin LIKE $11::VARCHAR COLLATE "C") OR t$1.pinyin LIKE $12::VARCHAR COLLATE "C") UNION ALL SELECT t$2.id AS id, CASE WHEN (lower(normalize(t$2.name, NFKC)) = $13::VARCHAR) THEN 0 WHEN (lower(normalize(t$2.name, NFKC)) LIKE $14::VARCHAR) THEN 1 WHEN (t$2.pinyin LIKE $14::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t$2.unit_path) AS weight, 1 AS kind, CAST(t$2.id AS TEXT) AS key 
FROM party_organization AS t$2 
WHERE t$2.unit_path >= $15::VARCHAR COLLATE "C" AND t$2.unit_path < $16::VARCHAR COLLATE "C" AND ((t$2.grams @> $17::TEXT[] COLLATE "C") AND (lower(normalize(t$2.name, NFKC)) LIKE $18::VARCHAR OR t$2.pinyin LIKE $19::VARCHAR COLLATE "C") OR t$2.pinyin LIKE $20::VARCHAR COLLATE "C")) AS u$3 
WHERE (u$3.rank, u$3.weight, u$3.kind, u$3.key) > (CAST($23::VARCHAR AS INTEGER), CAST($24::VARCHAR AS INTEGER), CAST($25::VARCHAR AS INTEGER), CAST($26::VARCHAR AS TEXT)) ORDER BY u$3.rank, u$3.weight, u$3.kind, u$3.key 
 LIMIT $22::INTEGER + 1) AS p$4) AS p$5) AS g$11) AS r$16) AS search) AS r$17) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true
