WITH standing AS MATERIALIZED 
(SELECT now() < $2::TIMESTAMP WITH TIME ZONE AND (EXISTS (SELECT 1 
FROM access_token JOIN account ON account.id = access_token.account_id 
WHERE access_token.id = $3::VARCHAR AND access_token.revoked_at IS NULL AND access_token.expires_at > now() AND account.revision = $4::INTEGER)) AS fresh), 
answer AS MATERIALIZED 
(SELECT convert_to(CAST((SELECT row_to_json(r24) AS row_to_json_1 
FROM (SELECT (SELECT row_to_json(r8) AS row_to_json_2 
FROM (SELECT (SELECT count(*) AS count_1 
FROM org_unit AS t6 
WHERE false) AS "totalCount", g5.g1_ AS nodes, (SELECT row_to_json(r7) AS row_to_json_3 
FROM (SELECT g5."g2_hasNextPage" AS "hasNextPage", g5."g2_startCursor" AS "startCursor", g5."g2_endCursor" AS "endCursor") AS r7) AS "pageInfo" 
FROM (SELECT coalesce(json_agg((SELECT row_to_json(r4) AS row_to_json_4 
FROM (SELECT p3.name AS name) AS r4)) FILTER (WHERE p3._place <= $5::INTEGER), '[]'::json) AS g1_, count(*) > $5::INTEGER AS "g2_hasNextPage", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || convert_to(CAST(json_build_array(CAST(p3.path AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p3.path AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p3._place = 1) AS "g2_startCursor", max(translate(encode(substr(sha256($6::BYTEA || sha256($6::BYTEA || convert_to(CAST(json_build_array(CAST(p3.path AS TEXT)) AS TEXT), 'UTF8'))), 1, 16) || convert_to(CAST(json_build_array(CAST(p3.path AS TEXT)) AS TEXT), 'UTF8'), 'base64'), E'+/\n=', '-_')) FILTER (WHERE p3._place = least(p3._total, $5::INTEGER)) AS "g2_endCursor" 
FROM (SELECT p2.id AS id, p2.level AS level, p2.code AS code, p2.name AS name, p2.parent_path AS parent_path, p2.path AS path, p2.pinyin AS pinyin, row_number() OVER () AS _place, count(*) OVER () AS _total 
FROM (SELECT t1.id AS id, t1.level AS level, t1.code AS code, t1.name AS name, t1.parent_path AS parent_path, t1.path AS path, t1.pinyin AS pinyin 
FROM org_unit AS t1 
WHERE false ORDER BY t1.path 
 LIMIT $5::INTEGER + 1) AS p2) AS p3) AS g5) AS r8) AS "orgUnits", (SELECT row_to_json(r21) AS row_to_json_5 
FROM (SELECT (SELECT count(*) AS count_2 
FROM (SELECT t18.id AS id, CASE WHEN (lower(normalize(t18.name, NFKC)) = $7::VARCHAR) THEN 0 WHEN (lower(normalize(t18.name, NFKC)) LIKE $8::VARCHAR) THEN 1 WHEN (t18.pinyin LIKE $8::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t18.code) AS weight, 0 AS kind, CAST(t18.path AS TEXT) AS key 
FROM org_unit AS t18 
WHERE false UNION ALL SELECT t19.id AS id, CASE WHEN (lower(normalize(t19.name, NFKC)) = $9::VARCHAR) THEN 0 WHEN (lower(normalize(t19.name, NFKC)) LIKE $10::VARCHAR) THEN 1 WHEN (t19.pinyin LIKE $10::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t19.unit_path) AS weight, 1 AS kind, CAST(t19.id AS TEXT) AS key 
FROM party_organization AS t19 
WHERE false) AS u20) AS "totalCount", g17.g1_ AS nodes 
FROM (SELECT coalesce(json_agg(CASE WHEN (p12.kind = 0) THEN (SELECT row_to_json(r14) AS row_to_json_6 
FROM (SELECT 'OrgUnit' AS __typename 
FROM org_unit AS t13 
WHERE t13.id = p12.id) AS r14) WHEN (p12.kind = 1) THEN (SELECT row_to_json(r16) AS row_to_json_7 
FROM (SELECT 'PartyOrganization' AS __typename 
FROM party_organization AS t15 
WHERE t15.id = p12.id) AS r16) END), '[]'::json) AS g1_ 
FROM (SELECT u11.id AS id, u11.rank AS rank, u11.weight AS weight, u11.kind AS kind, u11.key AS key 
FROM (SELECT t9.id AS id, CASE WHEN (lower(normalize(t9.name, NFKC)) = $7::VARCHAR) THEN 0 WHEN (lower(normalize(t9.name, NFKC)) LIKE $8::VARCHAR) THEN 1 WHEN (t9.pinyin LIKE $8::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t9.code) AS weight, 0 AS kind, CAST(t9.path AS TEXT) AS key 
FROM org_unit AS t9 
WHERE false UNION ALL SELECT t10.id AS id, CASE WHEN (lower(normalize(t10.name, NFKC)) = $9::VARCHAR) THEN 0 WHEN (lower(normalize(t10.name, NFKC)) LIKE $10::VARCHAR) THEN 1 WHEN (t10.pinyin LIKE $10::VARCHAR) THEN 2 ELSE 3 END AS rank, length(t10.unit_path) AS weight, 1 AS kind, CAST(t10.id AS TEXT) AS key 
FROM party_organization AS t10 
WHERE false) AS u11 ORDER BY u11.rank, u11.weight, u11.kind, u11.key 
 LIMIT $11::INTEGER) AS p12) AS g17) AS r21) AS search, (SELECT row_to_json(r23) AS row_to_json_8 
FROM (SELECT t22.name AS name 
FROM org_unit AS t22 
WHERE false ORDER BY t22.code != $12::VARCHAR, t22.path 
 LIMIT 1) AS r23) AS "orgUnit") AS r24) AS TEXT), 'UTF8') AS body 
FROM standing 
WHERE standing.fresh)
 SELECT standing.fresh, octet_length(answer.body) AS size, CASE WHEN (octet_length(answer.body) <= $1::INTEGER) THEN answer.body END AS body 
FROM standing LEFT OUTER JOIN answer ON true
