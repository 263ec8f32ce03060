// Made from prisma/migrations by npm run fingerprints. Do not edit.

/** Kinds as pg_class has them; of a trigger its type, function, arguments, columns, and whether it has no condition. */
export interface Fingerprints {
  migrations: readonly string[];
  functions: Readonly<Record<string, string>>;
  tables: Readonly<Record<string, { kind: string; triggers: Readonly<Record<string, string>> }>>;
}

export const fingerprints: Fingerprints = {
  "migrations": [
    "20261122000507_audit_log",
    "20261122000509_ledger_commit",
    "20261124121500_provable_log",
    "20261124121600_provable_log_functions",
    "20261124121700_erasure",
    "20261124122000_audit_search",
    "20261124122500_audit_integrity",
    "20261124130000_limits",
    "20261129203500_signed_verifications",
    "20261129204500_counters_of_the_erased",
    "20261129205500_limits_with_room",
    "20261130083000_turned_away_gives_back",
    "20261130093000_functions_as_written"
  ],
  "functions": {
    "add_histograms": "b1fd424c664f4609f5056c7f28ed20a7dd8228c9dbd211667aaf2c108d1179e4",
    "audit_denials": "71ddf7275a650646ac2e5d71c8e1367d10d9e6b84295b83066d2ecc29b237be4",
    "audit_entries": "bf7ce53f16e2e430ab4ea82ab9056654c3e2a390167abff4f8cd0d8530e247a2",
    "audit_matches": "a348d1b8dc2ae49c0c0807a6b63645e817a4eae971dbbe2f7e5ec7885c209877",
    "audit_records": "768652e228a26ef0bcf9bb81eed45954768f6c356c6c11459afbacce9f42e527",
    "audit_rollups": "079fb9aada22cbc08d2922e5a33bad317c0acf613e33cb199e4cda2cb7895d5a",
    "audit_search": "9ac801f247e6b5c68fbc1e7ede8d7955b0424d0eff1e3be86092b5d056093e65",
    "budget_day": "8c2751a51c86a57b77f3355579f9fde84711191e8f0b885c859a21de72409de0",
    "budget_day_end": "643d2bc3eff6ad7932c14577d0c25c4428178488e7dbac1ae2705e1216a1c736",
    "counter_life": "5505ec63f300f3d6d5e7510b2ff5b6983f488bd01cfce6108e8d48ef5cc69ea7",
    "erasure_collect": "9e2d874da0215039bc4540d848b72ab262aff11407cf3a3666fd79e0ac0fcae4",
    "erasure_collect_pending": "959dba2a3584b04e42f468b6372e28aee731b946c9cc78999dbe7bd76d8b1242",
    "erasure_destroy": "fee11149941a75fd00a4eca376c80fc69bfdb76844eb0c024981ab3261182663",
    "first_uuid_at": "cd2b607679d9e016e1edf9066459f985e30e675c0735e196ebedc91d1f4ccdc6",
    "grant_application": "6a6f8e1f58d86cc221fb2ff797c1069979d328674fd6e4c8ea434e1b2f89968a",
    "histogram_of": "19436bf9c3ad161594ae14e02f65853eb3d9f5855b56abac860b12b04905a8b7",
    "ledger_commit": "15affc28dbf1a44e9587aab061e8a88575d4ec405582532a4ba23d94338a1437",
    "make_partitions": "7019c5abe38293c6910b4a3a2d7f4523e5422dca6dd872cebce3258cccb35fbd",
    "refuse_change": "4ca1db6f68fcb3a528a5c3fbb5d28dd5bde761a0dbe8afc17d84f0ae1e2e40dc",
    "time_of_uuid": "a27df0087a14b19691a333269925e42853f1dffe99d2de35a1af023a7578e13c",
    "window_count": "f10687350dd820674c772957fbb3b7f2f69d3b7001ef57aa19151433b41eea67",
    "window_start": "a117d7e2a510752192fd573b667ea58c2b8a6b73d0dfb0ae4da6847d12f6d4bf"
  },
  "tables": {
    "_prisma_migrations": {
      "kind": "r",
      "triggers": {}
    },
    "audit_chain": {
      "kind": "r",
      "triggers": {}
    },
    "audit_checkpoint": {
      "kind": "r",
      "triggers": {
        "append_only": "27 refuse_change 0  true",
        "no_truncate": "34 refuse_change 0  true"
      }
    },
    "audit_class": {
      "kind": "r",
      "triggers": {}
    },
    "audit_dropped_month": {
      "kind": "r",
      "triggers": {
        "append_only": "27 refuse_change 0  true",
        "no_truncate": "34 refuse_change 0  true"
      }
    },
    "audit_entry": {
      "kind": "p",
      "triggers": {
        "append_only": "27 refuse_change 0  true",
        "no_truncate": "34 refuse_change 0  true"
      }
    },
    "audit_erasure": {
      "kind": "r",
      "triggers": {}
    },
    "audit_erasure_due": {
      "kind": "r",
      "triggers": {}
    },
    "audit_integrity": {
      "kind": "r",
      "triggers": {
        "append_only": "27 refuse_change 0  true",
        "no_truncate": "34 refuse_change 0  true"
      }
    },
    "audit_record": {
      "kind": "p",
      "triggers": {}
    },
    "audit_rollup": {
      "kind": "r",
      "triggers": {}
    },
    "audit_subject": {
      "kind": "p",
      "triggers": {}
    },
    "flow": {
      "kind": "p",
      "triggers": {}
    },
    "idempotency_key": {
      "kind": "r",
      "triggers": {}
    },
    "limit_counter": {
      "kind": "r",
      "triggers": {}
    },
    "send_budget": {
      "kind": "r",
      "triggers": {}
    }
  }
};
