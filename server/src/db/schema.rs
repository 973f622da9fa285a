//! The tables as diesel sees them; `migrations/` explains their columns.

diesel::table! {
    instance (id) {
        id -> BigInt,
        created_at -> BigInt,
        copied_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tenants (id) {
        id -> BigInt,
        slug -> Text,
        name -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    staff (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        login -> Text,
        password_hash -> Text,
        roles -> Text,
        created_at -> BigInt,
        disabled_at -> Nullable<BigInt>,
        must_change_password -> Bool,
    }
}

diesel::table! {
    staff_control (staff_id, by_id) {
        staff_id -> BigInt,
        by_id -> BigInt,
    }
}

diesel::table! {
    staff_sessions (id) {
        id -> Binary,
        staff_id -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Binary,
        session_id -> Binary,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<BigInt>,
        action -> Text,
        target -> Text,
        election -> Nullable<Text>,
        detail -> Text,
    }
}

diesel::table! {
    elections (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        slug -> Text,
        origin -> Text,
        keys_folder -> Text,
        log_vkey -> Text,
        acknowledgement_key -> Text,
        commission_key -> Text,
        title_ko -> Text,
        title_en -> Text,
        draft -> Text,
        state -> Text,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        submitted_by -> Nullable<BigInt>,
        submitted_at -> Nullable<BigInt>,
        approved_by -> Nullable<BigInt>,
        approved_at -> Nullable<BigInt>,
        manifest -> Nullable<Binary>,
        manifest_hash -> Nullable<Binary>,
        roll_sealed_at -> Nullable<BigInt>,
        listed -> Bool,
        roll_version -> BigInt,
        returned_by -> Nullable<BigInt>,
        returned_at -> Nullable<BigInt>,
        return_reason -> Nullable<Text>,
    }
}

diesel::table! {
    election_editors (election_id, staff_id) {
        election_id -> BigInt,
        staff_id -> BigInt,
    }
}

diesel::table! {
    roll_states (election_id) {
        election_id -> BigInt,
        tenant_id -> BigInt,
        assignment -> Nullable<BigInt>,
        job -> Nullable<Text>,
        job_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    roll_rows (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        version -> BigInt,
        voter_id -> Text,
        name -> Text,
        contact -> Text,
        unit -> Integer,
        style -> Integer,
        weight -> BigInt,
    }
}

diesel::table! {
    roll_credentials (roll_id, version) {
        roll_id -> BigInt,
        version -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        credential_index -> BigInt,
    }
}

// A view of the three tables above, for reading: rows and credentials of complete changes only.
diesel::table! {
    roll (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        voter_id -> Text,
        name -> Text,
        contact -> Text,
        unit -> Integer,
        style -> Integer,
        weight -> BigInt,
        credential_index -> Nullable<BigInt>,
    }
}

diesel::table! {
    voter_codes (roll_id, sent_at) {
        roll_id -> BigInt,
        tenant_id -> BigInt,
        sent_at -> BigInt,
        expires_at -> BigInt,
        code_hash -> Binary,
    }
}

diesel::table! {
    roll_requests (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        roll_id -> BigInt,
        kind -> Text,
        contact -> Nullable<Text>,
        credential_index -> Nullable<BigInt>,
        reason -> Text,
        requested_by -> BigInt,
        requested_at -> BigInt,
        accepted -> Nullable<Bool>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    message_runs (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        kind -> Text,
        unit -> Nullable<Integer>,
        subject -> Text,
        text -> Text,
        recipients -> BigInt,
        sent -> BigInt,
        cursor -> Nullable<Text>,
        started_by -> BigInt,
        started_at -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    lots (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        contest -> Integer,
        options -> Text,
        seed -> Binary,
        made_by -> BigInt,
        made_at -> BigInt,
        contribution -> Nullable<Text>,
        drawn -> Nullable<Text>,
        drawn_by -> Nullable<BigInt>,
        drawn_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    objections (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        number -> BigInt,
        at -> BigInt,
        text -> Text,
        name -> Nullable<Text>,
        evidence -> Nullable<Binary>,
        log_index -> Nullable<BigInt>,
        contact -> Nullable<Text>,
        withheld -> Nullable<Text>,
    }
}

diesel::table! {
    objection_replies (id) {
        id -> BigInt,
        objection_id -> BigInt,
        staff_id -> BigInt,
        at -> BigInt,
        text -> Text,
    }
}

diesel::table! {
    ledgers (election_id) {
        election_id -> BigInt,
        tenant_id -> BigInt,
        created_at -> BigInt,
        size -> BigInt,
        root -> Binary,
        frontier -> Binary,
        phase -> Text,
        accepting -> Bool,
    }
}

diesel::table! {
    entries (id) {
        id -> BigInt,
        tenant_id -> BigInt,
        election_id -> BigInt,
        kind -> Integer,
        code -> Binary,
        credential_index -> Nullable<BigInt>,
        bytes -> Binary,
        deadline -> Nullable<BigInt>,
        log_index -> Nullable<BigInt>,
        appended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    credential_states (election_id, credential_index) {
        election_id -> BigInt,
        credential_index -> BigInt,
        counter -> BigInt,
        revoked -> Bool,
        struck -> Bool,
        challenges -> BigInt,
    }
}

diesel::table! {
    turnout_samples (election_id, taken_at, unit) {
        election_id -> BigInt,
        taken_at -> BigInt,
        unit -> Integer,
        counted -> BigInt,
    }
}

diesel::table! {
    nonce_points (election_id, point) {
        election_id -> BigInt,
        point -> Binary,
    }
}

diesel::table! {
    proposals (election_id, id) {
        election_id -> BigInt,
        id -> Binary,
        tenant_id -> BigInt,
        kind -> Integer,
        bytes -> Binary,
        created_at -> BigInt,
        log_index -> Nullable<BigInt>,
    }
}

diesel::joinable!(staff -> tenants (tenant_id));
diesel::joinable!(staff_sessions -> staff (staff_id));
diesel::joinable!(refresh_tokens -> staff_sessions (session_id));
diesel::joinable!(audit -> staff (actor_id));
diesel::joinable!(elections -> tenants (tenant_id));
diesel::joinable!(voter_codes -> roll (roll_id));
diesel::joinable!(lots -> staff (drawn_by));
diesel::allow_tables_to_appear_in_same_query!(lots, staff);
diesel::allow_tables_to_appear_in_same_query!(
    tenants,
    staff,
    staff_sessions,
    refresh_tokens,
    audit,
    elections,
);
diesel::joinable!(ledgers -> elections (election_id));
diesel::allow_tables_to_appear_in_same_query!(roll, voter_codes);
diesel::allow_tables_to_appear_in_same_query!(ledgers, elections);
diesel::allow_tables_to_appear_in_same_query!(ledgers, tenants);
diesel::joinable!(roll_requests -> roll (roll_id));
diesel::joinable!(objection_replies -> objections (objection_id));
diesel::allow_tables_to_appear_in_same_query!(roll, credential_states);
diesel::allow_tables_to_appear_in_same_query!(roll, roll_requests);
diesel::allow_tables_to_appear_in_same_query!(objections, objection_replies);
