-- fetch
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "tulgha" AS "r" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."id" IN ({p1:String}, {p2:String}) ORDER BY "r"."id" LIMIT {p3:Int64};
-- names
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty" FROM "tulgha" AS "r" WHERE ("r"."joyuly" = 0) AND NOT ("r"."id" IS NULL) ORDER BY "r"."id" LIMIT {p1:Int64};
-- names after
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty" FROM "tulgha" AS "r" WHERE (("r"."joyuly" = 0) AND NOT ("r"."id" IS NULL)) AND "r"."id" > {p1:String} ORDER BY "r"."id" LIMIT {p2:Int64};
-- child qujat
SELECT "r"."id", "m"."nomir", "m"."seria", "m"."turi" FROM "tulgha" AS "r" INNER JOIN "qujat" AS "m" ON "m"."tulgha_id" = "r"."id" WHERE ("m"."joyuly" = 0) AND "r"."id" IN ({p1:String}, {p2:String}) ORDER BY "r"."id", "m"."nomir", "m"."seria", "m"."turi" LIMIT {p3:Int64};
-- lookup qujat.nomir
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "qujat" AS "m" INNER JOIN "tulgha" AS "r" ON "m"."tulgha_id" = "r"."id" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ((("r"."joyuly" = 0) AND ("m"."joyuly" = 0)) AND "m"."nomir" IN ({p1:String}, {p2:String})) AND ("m"."seria" IN ({p3:String}, {p4:String}) OR "m"."seria" IS NULL) ORDER BY "r"."id" LIMIT {p5:Int64};
-- lookup tulgha.jsn
SELECT "r"."id", "r"."aty", "r"."tegi", "r"."akesinin_aty", "r"."tughan_kuni", "r"."jynysy", "r"."azamattyq", "r"."jsn", "j0"."aty", "r"."sebep", "r"."qauip", "r"."ozgertilgen" FROM "tulgha" AS "r" LEFT JOIN "qala" AS "j0" ON "j0"."kod" = "r"."tughan_qala" WHERE ("r"."joyuly" = 0) AND "r"."jsn" IN ({p1:String}, {p2:String}) ORDER BY "r"."id" LIMIT {p3:Int64};
-- newest
SELECT MAX("r"."ozgertilgen") FROM "tulgha" AS "r" LIMIT 1;
