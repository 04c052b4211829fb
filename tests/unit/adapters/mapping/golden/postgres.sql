-- fetch
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "tulgha" AS "r" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."id" IN ($1, $2) ORDER BY "r"."id" LIMIT $3;
-- names
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty" FROM "tulgha" AS "r" WHERE ("r"."joyuly" = 0) AND NOT "r"."id" IS NULL ORDER BY "r"."id" LIMIT $1;
-- names after
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty" FROM "tulgha" AS "r" WHERE (("r"."joyuly" = 0) AND NOT "r"."id" IS NULL) AND "r"."id" > $1 ORDER BY "r"."id" LIMIT $2;
-- child qujat
SELECT "r"."id", "m"."nomir", "m"."seria", "m"."turi" FROM "tulgha" AS "r" INNER JOIN "qujat" AS "m" ON "m"."tulgha_id" = "r"."id" WHERE ("m"."joyuly" = 0) AND "r"."id" IN ($1, $2) ORDER BY "r"."id", "m"."nomir", "m"."seria", "m"."turi" LIMIT $3;
-- lookup qujat.nomir
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "qujat" AS "m" INNER JOIN "tulgha" AS "r" ON "m"."tulgha_id" = "r"."id" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ((("r"."joyuly" = 0) AND ("m"."joyuly" = 0)) AND "m"."nomir" IN ($1, $2)) AND ("m"."seria" IN ($3, $4) OR "m"."seria" IS NULL) ORDER BY "r"."id" LIMIT $5;
-- lookup tulgha.jsn
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "tulgha" AS "r" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."jsn" IN ($1, $2) ORDER BY "r"."id" LIMIT $3;
-- newest
SELECT MAX("r"."ozgertilgen") FROM "tulgha" AS "r" LIMIT 1;
