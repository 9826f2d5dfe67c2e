BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'digest','m0001_initial','2026-11-23 23:19:46.355777+00:00');
CREATE TABLE "deliveries" (
   "week" TEXT,
   "recipient" TEXT,
   "message_id" TEXT NOT NULL,
   "status" TEXT NOT NULL,
   "detail" TEXT,
   "updated" TEXT NOT NULL,
   PRIMARY KEY ("week", "recipient")
);
INSERT INTO "deliveries" VALUES('2021-W06','a@example.org','<1@example.org>','sent','','2021-02-13T18:00:00.000000+00:00');
CREATE TABLE "fetches" (
   "id" INTEGER PRIMARY KEY,
   "source" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "is_ok" INTEGER NOT NULL,
   "is_unchanged" INTEGER,
   "item_count" INTEGER,
   "skipped" INTEGER,
   "error" TEXT,
   "hint" TEXT
);
INSERT INTO "fetches" VALUES(1,'arXiv','2021-02-13T18:00:00.000000+00:00',1,0,1,0,'','');
CREATE TABLE "issue_stories" (
   "week" TEXT,
   "item_id" TEXT,
   "key" TEXT,
   "place" TEXT,
   PRIMARY KEY ("week", "item_id", "key")
);
INSERT INTO "issue_stories" VALUES('2021-W06','arxiv:1','arxiv:1','full');
INSERT INTO "issue_stories" VALUES('2021-W06','thread-of-arxiv:1','arxiv:1','full');
INSERT INTO "issue_stories" VALUES('2021-W06','arxiv:2','arxiv:2','brief');
CREATE TABLE "issues" (
   "week" TEXT PRIMARY KEY,
   "number" INTEGER NOT NULL,
   "date" TEXT NOT NULL,
   "created" TEXT NOT NULL,
   "json" TEXT
);
INSERT INTO "issues" VALUES('2021-W06',1,'2021-02-13','2021-02-13T18:00:00.000000+00:00','{
  "week": "2021-W06",
  "slug": "2021/w06",
  "number": 1,
  "date": "2021-02-13",
  "title": "Weekly ML News",
  "language": "en",
  "course": "",
  "lecturer": "",
  "greeting": "",
  "recap": null,
  "theme": "",
  "theme_sentence": "",
  "stories": [
    {
      "number": 1,
      "key": "arxiv:1",
      "item_ids": [
        "arxiv:1",
        "thread-of-arxiv:1"
      ],
      "badge": "A blog",
      "opening": "",
      "title": "A post without a text",
      "authors": [],
      "date": null,
      "links": [],
      "headline": [],
      "parts": [],
      "terms": [],
      "discussion": null,
      "course": null,
      "connections": [],
      "project": null,
      "topics": [],
      "reasons": [],
      "summarizer": "",
      "is_replaced": false,
      "speaking_seconds": 0
    }
  ],
  "briefs": [
    {
      "key": "arxiv:2",
      "item_ids": [
        "arxiv:2"
      ],
      "badge": "arXiv",
      "title": "B",
      "url": "https://x.org",
      "sentence": null,
      "topics": [],
      "reasons": []
    }
  ],
  "read_one": "",
  "closing": "",
  "next_class": null,
  "topic_counts": [],
  "coverage": {
    "items": 1,
    "stories": 1,
    "full": 1,
    "brief": 0,
    "left_out": 0
  },
  "sources": [
    {
      "name": "A blog",
      "is_ok": false,
      "item_count": 1,
      "last_success": null,
      "error": "no answer",
      "hint": "is the machine online?"
    }
  ],
  "model": {
    "model_id": "extractive",
    "summaries": 0,
    "replaced": 0,
    "fallback_reason": "no weights were found"
  },
  "reading_minutes": 1,
  "speaking_minutes": 1,
  "created": "2021-02-13T18:00:00Z",
  "url": "",
  "site_url": "",
  "version": "0.1.0"
}
');
CREATE TABLE "item_sources" (
   "item_id" TEXT,
   "source" TEXT,
   "first_seen" TEXT,
   PRIMARY KEY ("item_id", "source")
);
INSERT INTO "item_sources" VALUES('arxiv:2102.06171','arXiv','2021-02-13T18:00:00.000000+00:00');
CREATE TABLE "items" (
   "id" TEXT PRIMARY KEY,
   "source" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "title" TEXT NOT NULL,
   "url" TEXT NOT NULL,
   "text" TEXT,
   "authors" TEXT,
   "published" TEXT,
   "updated" TEXT,
   "version" INTEGER,
   "categories" TEXT,
   "links" TEXT,
   "doi" TEXT,
   "note" TEXT,
   "score" INTEGER,
   "comment_count" INTEGER,
   "comments" TEXT,
   "content_hash" TEXT NOT NULL,
   "first_seen" TEXT NOT NULL,
   "last_seen" TEXT NOT NULL
);
INSERT INTO "items" VALUES('arxiv:2102.06171','arXiv','paper','Without Normalization','https://arxiv.org/abs/2102.06171','A text.','["Ada Lovelace", "Alan Turing"]','2021-02-11T18:23:00.000000+00:00','2021-02-12T00:00:00.000000+00:00',2,'["cs.CV", "cs.LG"]','["https://github.com/a/b"]','10.1371/journal.pgen.1009303','12 pages',183,14,'[{"id": "c1", "author": "", "text": "„Ähnlich“ \n wie $a<b$", "url": "https://x.org/c1", "score": null, "depth": 1}]','56c2643b29ac3348','2021-02-13T18:00:00.000000+00:00','2021-02-13T18:00:00.000000+00:00');
CREATE TABLE "receipts" (
   "id" INTEGER PRIMARY KEY,
   "fetch_id" INTEGER,
   "url" TEXT,
   "status" INTEGER,
   "byte_count" INTEGER,
   "elapsed_s" REAL,
   "etag" TEXT,
   "last_modified" TEXT,
   "error" TEXT
);
INSERT INTO "receipts" VALUES(1,1,'https://x.org/feed',200,10,0.1,'"a"',NULL,'');
CREATE TABLE "runs" (
   "id" INTEGER PRIMARY KEY,
   "at" TEXT,
   "report" TEXT
);
INSERT INTO "runs" VALUES(1,'2021-02-13T18:00:00.000000+00:00','{}');
CREATE TABLE "summaries" (
   "key" TEXT PRIMARY KEY,
   "json" TEXT NOT NULL
);
INSERT INTO "summaries" VALUES('k','{"item_id":"a","sentences":[{"text":"S.","origin":"model","spans":[]}],"model_id":"m","prompt_version":""}');
CREATE TABLE "validators" (
   "url" TEXT PRIMARY KEY,
   "etag" TEXT,
   "last_modified" TEXT
);
INSERT INTO "validators" VALUES('https://x.org/feed','"a"',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX "idx_items_published"
    ON "items" ("published");
CREATE INDEX "idx_items_first_seen"
    ON "items" ("first_seen");
CREATE INDEX "idx_item_sources_source"
    ON "item_sources" ("source");
CREATE INDEX "idx_fetches_source_id"
    ON "fetches" ("source", "id");
CREATE INDEX "idx_receipts_fetch_id"
    ON "receipts" ("fetch_id");
CREATE UNIQUE INDEX "idx_issues_number"
    ON "issues" ("number");
COMMIT;
