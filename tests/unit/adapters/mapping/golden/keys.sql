-- sqlite fetch
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (("r"."region" = ? AND "r"."number" = ?) OR ("r"."region" = ? AND "r"."number" = ?)) ORDER BY "r"."region", "r"."number" LIMIT ?;
-- sqlite names
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL ORDER BY "r"."region", "r"."number" LIMIT ?;
-- sqlite names after
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL) AND ("r"."region", "r"."number") > (?, ?) ORDER BY "r"."region", "r"."number" LIMIT ?;
-- sqlite child
SELECT "r"."region", "r"."number", "m"."n" FROM "t" AS "r" INNER JOIN "p" AS "m" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE ("r"."region" = ? AND "r"."number" = ?) ORDER BY "r"."region", "r"."number", "m"."n" LIMIT ?;
-- sqlite lookup
SELECT "r"."region", "r"."number", "r"."name" FROM "p" AS "m" INNER JOIN "t" AS "r" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE "m"."n" IN (?) ORDER BY "r"."region", "r"."number" LIMIT ?;
-- postgres fetch
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (("r"."region" = $1 AND "r"."number" = $2) OR ("r"."region" = $3 AND "r"."number" = $4)) ORDER BY "r"."region", "r"."number" LIMIT $5;
-- postgres names
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL ORDER BY "r"."region", "r"."number" LIMIT $1;
-- postgres names after
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL) AND ("r"."region", "r"."number") > ($1, $2) ORDER BY "r"."region", "r"."number" LIMIT $3;
-- postgres child
SELECT "r"."region", "r"."number", "m"."n" FROM "t" AS "r" INNER JOIN "p" AS "m" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE ("r"."region" = $1 AND "r"."number" = $2) ORDER BY "r"."region", "r"."number", "m"."n" LIMIT $3;
-- postgres lookup
SELECT "r"."region", "r"."number", "r"."name" FROM "p" AS "m" INNER JOIN "t" AS "r" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE "m"."n" IN ($1) ORDER BY "r"."region", "r"."number" LIMIT $2;
-- mysql fetch
SELECT `r`.`region`, `r`.`number`, `r`.`name` FROM `t` AS `r` WHERE ((`r`.`region` = ? AND `r`.`number` = ?) OR (`r`.`region` = ? AND `r`.`number` = ?)) ORDER BY `r`.`region`, `r`.`number` LIMIT ?;
-- mysql names
SELECT `r`.`region`, `r`.`number`, `r`.`name` FROM `t` AS `r` WHERE NOT `r`.`region` IS NULL AND NOT `r`.`number` IS NULL ORDER BY `r`.`region`, `r`.`number` LIMIT ?;
-- mysql names after
SELECT `r`.`region`, `r`.`number`, `r`.`name` FROM `t` AS `r` WHERE (NOT `r`.`region` IS NULL AND NOT `r`.`number` IS NULL) AND (`r`.`region` >= ? AND (`r`.`region` > ? OR (`r`.`region` = ? AND `r`.`number` > ?))) ORDER BY `r`.`region`, `r`.`number` LIMIT ?;
-- mysql child
SELECT `r`.`region`, `r`.`number`, `m`.`n` FROM `t` AS `r` INNER JOIN `p` AS `m` ON `m`.`region` = `r`.`region` AND `m`.`number` = `r`.`number` WHERE (`r`.`region` = ? AND `r`.`number` = ?) ORDER BY `r`.`region`, `r`.`number`, `m`.`n` LIMIT ?;
-- mysql lookup
SELECT `r`.`region`, `r`.`number`, `r`.`name` FROM `p` AS `m` INNER JOIN `t` AS `r` ON `m`.`region` = `r`.`region` AND `m`.`number` = `r`.`number` WHERE `m`.`n` IN (?) ORDER BY `r`.`region`, `r`.`number` LIMIT ?;
-- oracle fetch
SELECT "r"."region" AS "c0", "r"."number" AS "c1", "r"."name" AS "c2" FROM "t" "r" WHERE (("r"."region" = :1 AND "r"."number" = :2) OR ("r"."region" = :3 AND "r"."number" = :4)) ORDER BY "r"."region", "r"."number" FETCH FIRST :5 ROWS ONLY;
-- oracle names
SELECT "r"."region" AS "c0", "r"."number" AS "c1", "r"."name" AS "c2" FROM "t" "r" WHERE NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL ORDER BY "r"."region", "r"."number" FETCH FIRST :1 ROWS ONLY;
-- oracle names after
SELECT "r"."region" AS "c0", "r"."number" AS "c1", "r"."name" AS "c2" FROM "t" "r" WHERE (NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL) AND ("r"."region" >= :1 AND ("r"."region" > :2 OR ("r"."region" = :3 AND "r"."number" > :4))) ORDER BY "r"."region", "r"."number" FETCH FIRST :5 ROWS ONLY;
-- oracle child
SELECT "r"."region" AS "c0", "r"."number" AS "c1", "m"."n" AS "c2" FROM "t" "r" INNER JOIN "p" "m" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE ("r"."region" = :1 AND "r"."number" = :2) ORDER BY "r"."region", "r"."number", "m"."n" FETCH FIRST :3 ROWS ONLY;
-- oracle lookup
SELECT "r"."region" AS "c0", "r"."number" AS "c1", "r"."name" AS "c2" FROM "p" "m" INNER JOIN "t" "r" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE "m"."n" IN (:1) ORDER BY "r"."region", "r"."number" FETCH FIRST :2 ROWS ONLY;
-- tsql fetch
SELECT TOP (?) [r].[region], [r].[number], [r].[name] FROM [t] AS [r] WHERE (([r].[region] = ? AND [r].[number] = ?) OR ([r].[region] = ? AND [r].[number] = ?)) ORDER BY [r].[region], [r].[number];
-- tsql names
SELECT TOP (?) [r].[region], [r].[number], [r].[name] FROM [t] AS [r] WHERE NOT [r].[region] IS NULL AND NOT [r].[number] IS NULL ORDER BY [r].[region], [r].[number];
-- tsql names after
SELECT TOP (?) [r].[region], [r].[number], [r].[name] FROM [t] AS [r] WHERE (NOT [r].[region] IS NULL AND NOT [r].[number] IS NULL) AND ([r].[region] >= ? AND ([r].[region] > ? OR ([r].[region] = ? AND [r].[number] > ?))) ORDER BY [r].[region], [r].[number];
-- tsql child
SELECT TOP (?) [r].[region], [r].[number], [m].[n] FROM [t] AS [r] INNER JOIN [p] AS [m] ON [m].[region] = [r].[region] AND [m].[number] = [r].[number] WHERE ([r].[region] = ? AND [r].[number] = ?) ORDER BY [r].[region], [r].[number], [m].[n];
-- tsql lookup
SELECT TOP (?) [r].[region], [r].[number], [r].[name] FROM [p] AS [m] INNER JOIN [t] AS [r] ON [m].[region] = [r].[region] AND [m].[number] = [r].[number] WHERE [m].[n] IN (?) ORDER BY [r].[region], [r].[number];
-- trino fetch
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (("r"."region" = ? AND "r"."number" = ?) OR ("r"."region" = ? AND "r"."number" = ?)) ORDER BY "r"."region", "r"."number" LIMIT ?;
-- trino names
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL ORDER BY "r"."region", "r"."number" LIMIT ?;
-- trino names after
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (NOT "r"."region" IS NULL AND NOT "r"."number" IS NULL) AND ("r"."region" >= ? AND ("r"."region" > ? OR ("r"."region" = ? AND "r"."number" > ?))) ORDER BY "r"."region", "r"."number" LIMIT ?;
-- trino child
SELECT "r"."region", "r"."number", "m"."n" FROM "t" AS "r" INNER JOIN "p" AS "m" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE ("r"."region" = ? AND "r"."number" = ?) ORDER BY "r"."region", "r"."number", "m"."n" LIMIT ?;
-- trino lookup
SELECT "r"."region", "r"."number", "r"."name" FROM "p" AS "m" INNER JOIN "t" AS "r" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE "m"."n" IN (?) ORDER BY "r"."region", "r"."number" LIMIT ?;
-- clickhouse fetch
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (("r"."region" = {p1:String} AND "r"."number" = {p2:String}) OR ("r"."region" = {p3:String} AND "r"."number" = {p4:String})) ORDER BY "r"."region", "r"."number" LIMIT {p5:Int64};
-- clickhouse names
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE NOT ("r"."region" IS NULL) AND NOT ("r"."number" IS NULL) ORDER BY "r"."region", "r"."number" LIMIT {p1:Int64};
-- clickhouse names after
SELECT "r"."region", "r"."number", "r"."name" FROM "t" AS "r" WHERE (NOT ("r"."region" IS NULL) AND NOT ("r"."number" IS NULL)) AND ("r"."region" >= {p1:String} AND ("r"."region" > {p2:String} OR ("r"."region" = {p3:String} AND "r"."number" > {p4:String}))) ORDER BY "r"."region", "r"."number" LIMIT {p5:Int64};
-- clickhouse child
SELECT "r"."region", "r"."number", "m"."n" FROM "t" AS "r" INNER JOIN "p" AS "m" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE ("r"."region" = {p1:String} AND "r"."number" = {p2:String}) ORDER BY "r"."region", "r"."number", "m"."n" LIMIT {p3:Int64};
-- clickhouse lookup
SELECT "r"."region", "r"."number", "r"."name" FROM "p" AS "m" INNER JOIN "t" AS "r" ON "m"."region" = "r"."region" AND "m"."number" = "r"."number" WHERE "m"."n" IN ({p1:String}) ORDER BY "r"."region", "r"."number" LIMIT {p2:Int64};
