// Generated from docs/openapi.json by "npm run api". Do not edit.
export interface paths {
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description The answer does not tell a wrong password from an unknown account.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LoginRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Ends the session at once, its access tokens included.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show who is logged in */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Me"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change one's own password
         * @description Ends all sessions of the account. Everyone who was given a password by an administrator does this
         *     first: until then all else is answered with 403 `password-change-required`. A present password that
         *     is wrong is answered with 422 `wrong-password`; the session goes on.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PasswordRequest"];
                };
            };
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new tokens
         * @description Replaces the refresh token. Using one twice ends its session, because one of the two users
         *     stole it; not within ten seconds, when a page was left before its answer came.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RefreshRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TokenPair"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/elections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the public elections of this server */
        get: {
            parameters: {
                query?: {
                    /** @description Elections to pass over. */
                    offset?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionList"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tenants */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantView"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /**
         * Make a tenant
         * @description Its first administrator manages its staff. The platform's administrators see nothing inside.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewTenant"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CreatedTenant"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show one's own tenant */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TenantView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the tenant's audit trail, oldest first */
        get: {
            parameters: {
                query?: {
                    /** @description Entries after this number; 0 begins with the oldest. */
                    after?: number;
                    /** @description Number of entries, at most 500. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditEntry"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List elections, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionSummary"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /** Make a draft */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewElection"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an election */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        /**
         * Replace the draft
         * @description An election in review goes back to `draft`.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag that is changed */
                    "If-Match": string;
                };
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            /** @description The manifest draft */
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        post?: never;
        /** Delete a draft and its keys */
        delete: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag that is deleted */
                    "If-Match": string;
                };
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a submitted election
         * @description Freezes it. The approver must have written no part of it, and must not have had the account of
         *     who did in hand (made it, reset its password, changed its roles, unlocked it), nor the other way
         *     round.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag that is approved */
                    "If-Match": string;
                };
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Announce changed voting pages */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewAssets"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an election's audit trail, oldest first */
        get: {
            parameters: {
                query?: {
                    /** @description Entries after this number; 0 begins with the oldest. */
                    after?: number;
                    /** @description Number of entries, at most 500. */
                    limit?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditEntry"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/ballots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cast a ballot
         * @description Answered once the ballot is durable, with an acknowledgement that promises when it will be in
         *     the log. The same body again gives the same acknowledgement, also later.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            /** @description A ballot entry */
            requestBody: {
                content: {
                    "application/cbor": number[];
                };
            };
            responses: {
                /** @description Acknowledgement of docs/protocol.cddl */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/cbor": number[];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/ballots/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find a ballot by its confirmation code
         * @description Gives its receipt: a C2SP tlog-proof with the entry, checked against the log's vkey.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Seconds to wait for a ballot that is not in the log yet, at most 20. */
                    wait?: number;
                };
                header?: never;
                path: {
                    /** @description Confirmation code: 26 to 52 characters, or 64 hex digits. */
                    code: string;
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Receipt (tlog-proof) */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description It is durable but not in the log yet. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Pending"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/booth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Name the entries that a voter's device checks */
        get: {
            parameters: {
                query?: {
                    /** @description Credential whose place in the roll is asked for. */
                    credential?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BoothView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/ceremony/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin the key ceremony anew */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post a challenge
         * @description For a ballot that its voter had opened. Needs no session: the credential signed it.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            /** @description A posted-challenge entry */
            requestBody: {
                content: {
                    "application/cbor": number[];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                /** @description It is durable and will be in the log. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Pending"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close voting
         * @description By hand; the schedule does it otherwise. Not before closing time and grace are over. Every
         *     acknowledged ballot is in the log before.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append a signed entry
         * @description For every entry that roles sign; ballots and posted challenges have endpoints of their own.
         *     Answered after the checkpoint that has the entry is published. The same bytes again give the
         *     same place.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            /** @description One entry of docs/protocol.cddl */
            requestBody: {
                content: {
                    "application/cbor": number[];
                };
            };
            responses: {
                /** @description It was there before. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/entries/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Give an entry of the log
         * @description Under accredited disclosure ballots and posted challenges are for accredited staff.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Index of the entry in the log. */
                    index: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The entry (CBOR) */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/cbor": number[];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/entries/{index}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Give an entry with its proof of inclusion
         * @description A C2SP tlog-proof with the entry, checked against the log's vkey.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Index of the entry in the log. */
                    index: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Receipt (tlog-proof) */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/entries/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append a bundle of signed entries
         * @description All or none, under one checkpoint.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            /** @description Entries, each after its length in two bytes, big-endian; at most 8 MiB */
            requestBody: {
                content: {
                    "application/octet-stream": number[];
                };
            };
            responses: {
                /** @description They were there before. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BundlePlace"];
                    };
                };
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BundlePlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the server's public keys for an election
         * @description Made with the draft; the server puts them into the manifest.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ServerKeys"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/listing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show whether an election stands in public lists */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listing"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        /** Put an election into public lists or leave it out */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Listing"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Listing"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/lots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List draws, oldest first
         * @description For everyone once the election is approved, before that for staff.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LotView"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /**
         * Prepare a draw: the server commits itself
         * @description Write the commitment down, or read it out, before anyone contributes.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewLot"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LotView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/lots/{lot}/draw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw: the order follows from seed and contribution
         * @description Changes the draft; its options must be as they were when the server committed itself.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Number of the draw. */
                    lot: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Contribution"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LotView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs of messages, the newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessagesView"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /**
         * Send invitations or reminders
         * @description They go out in the background, slowly enough that one-time codes are not held up.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewMessages"];
                };
            };
            responses: {
                /** @description Dry run */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessagesView"];
                    };
                };
                /** @description They are being sent. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MessagesView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/objections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List objections with their replies, oldest first, at most 100 */
        get: {
            parameters: {
                query?: {
                    /** @description Objections after this number. */
                    after?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ObjectionView"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /** Object */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ObjectionRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ObjectionTaken"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/objections/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an objection with what is not public of it
         * @description Noted in the audit trail.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Number of the objection, from 1. */
                    number: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StaffObjectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/objections/{number}/replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reply to an objection */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Number of the objection, from 1. */
                    number: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReplyRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StaffObjectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/objections/{number}/withheld": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Withhold the text of an objection, or show it again */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Number of the objection, from 1. */
                    number: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Withholding"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StaffObjectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open voting
         * @description By hand; the schedule does it otherwise. Not before the first voting window.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/paper/strikes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Strike a voter who votes on paper */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Strike"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/paper/turnout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** State the paper votes so far */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PaperVotes"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List proposals
         * @description Those that wait for signatures, oldest first, at most 100; then the last 100 that became entries,
         *     the last one first. The board has all entries.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProposalView"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /**
         * Propose an entry, or add signatures to a proposal
         * @description With all signatures it becomes an entry at once. If only the commission's is missing it waits
         *     for the approval of staff.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            /** @description [type, payload, [signature / null ...]] */
            requestBody: {
                content: {
                    "application/cbor": number[];
                };
            };
            responses: {
                /** @description It was proposed before. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProposalState"];
                    };
                };
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProposalState"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/proposals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a proposal, to sign it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description SHA-256 of type and payload, in hex. */
                    id: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/cbor": number[];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/proposals/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a proposal as the commission
         * @description Only when all others have signed; it becomes an entry. A re-issue is signed by nobody who asked for it or had the account
         *     in hand that did.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description SHA-256 of type and payload, in hex. */
                    id: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ProposalState"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/public": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show an election's public face */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PublicElection"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/redating": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close voting later than planned */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewClosing"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the result
         * @description 404 until the result entry is in the log.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ResultView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return a submitted election to its authors */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag that is returned */
                    "If-Match": string;
                };
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReturnRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/roll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show counts of the roll */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RollView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /**
         * Import voters
         * @description A table with the columns `voter_id,name,contact,district` and, if wanted, `style` and `weight`, in
         *     any order, as CSV (UTF-8 with or without a byte order mark, LF or CRLF) or as the only sheet of a
         *     workbook (.xlsx), whose cells are texts, so that no leading zero is lost. `contact` is an e-mail address or
         *     telephone number, `district` and `style` are titles of the manifest. All or nothing: with
         *     problems nothing is stored. Voters can be added until credentials are assigned.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Only check the file and report every problem. */
                    dry_run?: boolean;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": number[];
                    "text/csv": string;
                };
            };
            responses: {
                /** @description Dry run */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report"];
                    };
                };
                /** @description Imported */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RollView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        /**
         * Delete all voters
         * @description Possible until credentials are assigned.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/roll-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List requests, the newest first
         * @description For those who manage the roll, approve, or assign credentials (without contacts).
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RollRequestView"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/roll-requests/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide a request
         * @description A contact request is accepted by an approver who did not ask for it, nor had the account in hand that did. A re-issue is not accepted
         *     here: the log says when it happened.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Number of the request. */
                    id: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Decision"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RollRequestView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/roll/assignment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Upload whose credential is whose
         * @description A table, as CSV or .xlsx, with the columns `voter_id,credential_index`: every voter of the roll exactly once, each
         *     index at most once. Replaces an earlier assignment, all or nothing, until the roll is sealed.
         */
        put: {
            parameters: {
                query?: {
                    /** @description Only check the file and report every problem. */
                    dry_run?: boolean;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": number[];
                    "text/csv": string;
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Report"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        post?: never;
        /**
         * Withdraw the assignment of credentials
         * @description Possible until the roll is sealed.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a draft for approval
         * @description It must be complete, its options in the order last drawn by lot: what is missing is listed. A draft that names no voting pages (`assets`)
         *     announces those that this server serves.
         */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag that is submitted */
                    "If-Match": string;
                };
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what happened so far, ballots aside, oldest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TimelineEvent"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/trustees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show what each trustee has done */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TrusteesView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/turnout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show turnout by unit */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TurnoutView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/turnout/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show how turnout grew
         * @description Ballots cast online; paper votes are counted after the close.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Number of a reporting unit; all of them if not given. */
                    unit?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TurnoutHistory"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Declare an election void */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Because"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EntryPlace"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/voter/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a one-time code
         * @description The answer is the same whether or not the voter is in the roll.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["IdentifyRequest"];
                };
            };
            responses: {
                /** @description A code is sent if the voter is in the roll and has not had too many. */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/voter/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the code for a session
         * @description A wrong code, an ended one and an unknown voter get the same answer.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SessionRequest"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoterToken"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/voter/session/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Extend the session
         * @description Goes on from now, up to the limit since identification. Takes up a credential re-issued meanwhile.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoterToken"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/voters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List or search voters
         * @description Reading is noted in the audit trail, without what was searched and found.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Voters after this identifier: the last one of the page before. */
                    after?: string;
                    /** @description Number of voters, at most 200. */
                    limit?: number;
                    /** @description Beginning of the identifier, or part of the name. */
                    q?: string;
                    /** @description What became of the credential (`revoked` is not filtered by). */
                    status?: components["schemas"]["VoterStatus"];
                    /** @description Number of a reporting unit. */
                    unit?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoterPage"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /**
         * Add a voter
         * @description Until credentials are assigned.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewVoter"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoterView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/voters/{voter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a voter */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                    /** @description Number of the voter's row. */
                    voter: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoterView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Take a voter off the roll
         * @description Until credentials are assigned.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                    /** @description Number of the voter's row. */
                    voter: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Correct a voter
         * @description Name and contact until the roll is sealed; what stands on the board (unit, style, weight) until
         *     credentials are assigned. Afterwards there are requests.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                    /** @description Number of the voter's row. */
                    voter: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["VoterCorrection"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["VoterView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/voters/{voter}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for another contact or a re-issue */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                    /** @description Number of the voter's row. */
                    voter: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewRollRequest"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RollRequestView"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/elections/{election}/voters/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the roll
         * @description CSV with the columns asked for; noted in the audit trail. The joint roll is for those who manage the roll.
         */
        get: {
            parameters: {
                query: {
                    /** @description To whom. */
                    audience: components["schemas"]["Audience"];
                    /** @description For what; contacts if not given. */
                    columns?: "contacts" | "authority" | "joint";
                    /** @description Number of a reporting unit. */
                    unit?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the election. */
                    election: string;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/public-elections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the public elections of a tenant */
        get: {
            parameters: {
                query?: {
                    /** @description Elections to pass over. */
                    offset?: number;
                };
                header?: never;
                path: {
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ElectionList"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/staff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List accounts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["StaffView"][];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        put?: never;
        /** Make an account */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewAccount"];
                };
            };
            responses: {
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangedStaff"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{tenant}/staff/{staff}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an account
         * @description At least one administrator of the tenant must remain.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Number of the account. */
                    staff: number;
                    /** @description Slug of the tenant. */
                    tenant: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AccountChange"];
                };
            };
            responses: {
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangedStaff"];
                    };
                };
                default: components["responses"]["AnyProblem"];
            };
        };
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Changes of an account; what is left out stays. */
        AccountChange: {
            /** @description Lock (true) or unlock (false). Locking ends all its sessions. */
            disabled?: boolean | null;
            /** @description True generates a new password, to be changed at the next log-in, and ends all its sessions. */
            reset_password?: boolean;
            roles?: null | components["schemas"]["Roles"];
        };
        /** @description A signed change of the voting pages. */
        Amendment: {
            /** @description When, RFC 3339, as far as the server knows. */
            at?: string | null;
            /** @description Hash of the new asset manifest, in hex. */
            hash: string;
            /**
             * Format: int64
             * @description Index of the entry.
             */
            index: number;
            /** @description Why. */
            reason: string;
        };
        /** @description What an approver confirms. */
        Approval: {
            /** @description Manifest hash of the election that was reviewed, in hex. */
            manifest_hash: string;
        };
        /** @description The voting pages of an election, by the hash of their asset manifest (`/assets.json`). */
        Assets: {
            /** @description Signed changes since, oldest first. */
            amendments: components["schemas"]["Amendment"][];
            /** @description What the election manifest announced, in hex. */
            announced?: string | null;
            /** @description What is right now, in hex; null if the election announced none. */
            current?: string | null;
        };
        /**
         * @description To whom.
         * @enum {string}
         */
        Audience: "all" | "not_voted";
        /** @description One entry of the audit trail. */
        AuditEntry: {
            /**
             * @description What was done.
             * @example election.submit
             */
            action: string;
            /** @description Log-in name of who did it; null is the system. */
            actor?: string | null;
            /** @description When, RFC 3339. */
            at: string;
            /** @description More about it. */
            detail: Record<string, never>;
            /** @description Slug of the election concerned. */
            election?: string | null;
            /**
             * Format: int64
             * @description Grows with time; pass the last one as `after` for the next page.
             */
            id: number;
            /** @description To what. */
            target: string;
        };
        /** @description Why something is done; published. */
        Because: {
            /** @description 1 to 4,096 bytes. */
            reason: string;
        };
        /** @description The entries that a voter's device needs, by index. */
        BoothView: {
            /**
             * Format: int32
             * @description Attempt of the ceremony that made the joint key.
             */
            attempt?: number | null;
            /** @description The rest of that attempt, for who wants to recompute the key: commitments, openings, shares. */
            ceremony: components["schemas"]["TrusteeEntry"][];
            /** @description The trustees' signatures on the joint key, in order of trustees. */
            confirmations: components["schemas"]["TrusteeEntry"][];
            credential?: null | components["schemas"]["CredentialPlace"];
            /**
             * Format: int64
             * @description Index of the joint-key entry; null before it.
             */
            joint_key?: number | null;
            /**
             * Format: int64
             * @description Entries in the published log.
             */
            log_size: number;
            /**
             * Format: int64
             * @description Index of the manifest: 0.
             */
            manifest: number;
            /** @description Hash mh of the manifest, in hex. */
            manifest_hash: string;
            /** @description Where the election stands. */
            phase: components["schemas"]["Phase"];
        };
        /** @description Where the entries of a bundle stand. */
        BundlePlace: {
            /** @description Number of them. */
            count: number;
            /**
             * Format: int64
             * @description Index of the first.
             */
            first: number;
        };
        /** @description An account that was made or changed. */
        ChangedStaff: components["schemas"]["StaffView"] & {
            /** @description The generated password, told this once. */
            password?: string | null;
        };
        /**
         * @description For what.
         * @enum {string}
         */
        Columns: "contacts" | "authority" | "joint";
        /** @description A complaint in the present attempt. */
        ComplaintView: {
            /**
             * Format: int32
             * @description Number of the trustee that is accused.
             */
            accused: number;
            /**
             * Format: int32
             * @description Number of the trustee that complains.
             */
            by: number;
            /**
             * Format: int64
             * @description Index of the entry.
             */
            index: number;
        };
        /** @description Result of a contest. */
        ContestView: {
            /** @description Number of the contest. */
            contest: number;
            /** @description Sums of groups of units. */
            groups: components["schemas"]["GroupResult"][];
            /** @description Its options. */
            options: components["schemas"]["Title"][];
            /**
             * Format: int32
             * @description 0 decided, 1 turnout quorum not met, 2 tied, 3 not counted, 4 withheld, 5 no majority.
             */
            status: number;
            /** @description Its title. */
            title: components["schemas"]["Title"];
            /** @description Sums of all. */
            totals: number[];
            /** @description Numbers of the winning options. */
            winners: number[];
        };
        /** @description What people in the room add. */
        Contribution: {
            /**
             * @description Any text that nobody knew before, for example numbers of drawn balls.
             * @example 7 23 41
             */
            contribution: string;
        };
        /** @description A tenant that was made. */
        CreatedTenant: components["schemas"]["TenantView"] & {
            /** @description The generated password of the first administrator, told this once. */
            admin_password?: string | null;
        };
        /** @description Where a credential stands on the board. */
        CredentialPlace: {
            /**
             * Format: int32
             * @description The credential.
             */
            credential: number;
            /**
             * Format: int64
             * @description Index of its roll chunk, or of the re-issue that made it.
             */
            index: number;
            /**
             * Format: int64
             * @description Index of its revocation.
             */
            revoked?: number | null;
            /**
             * Format: int32
             * @description Its row in the chunk, from 0; null for a re-issue.
             */
            row?: number | null;
            /**
             * Format: int64
             * @description Index of the entry that struck it because its voter votes on paper.
             */
            struck?: number | null;
        };
        /** @description What is decided. */
        Decision: {
            /** @description Accept (another person's contact request) or refuse; who asked may withdraw by refusing. */
            accept: boolean;
        };
        /** @description A step that was done. */
        Done: {
            /** @description When, RFC 3339: the server's word. */
            at?: string | null;
            /**
             * Format: int64
             * @description Index of the entry.
             */
            index: number;
        };
        /** @description Public elections, the newest first. */
        ElectionList: {
            /** @description Those of this page. */
            elections: components["schemas"]["ListedElection"][];
            /** @description Whether there are more. */
            more: boolean;
        };
        /**
         * @description Where an election's paper work stands.
         * @enum {string}
         */
        ElectionState: "draft" | "in_review" | "approved";
        /** @description An election in a list. */
        ElectionSummary: {
            /** @description Name in paths. */
            slug: string;
            /** @description Where its paper work stands. */
            state: components["schemas"]["ElectionState"];
            /** @description English title; may be empty. */
            title_en: string;
            /** @description Korean title. */
            title_ko: string;
            /** @description Last change, RFC 3339. */
            updated_at: string;
        };
        /** @description An election. */
        ElectionView: {
            /** @description Key of its acknowledgements, in hex. */
            acknowledgement_key: string;
            /** @description When it was approved, RFC 3339. */
            approved_at?: string | null;
            /**
             * Format: int64
             * @description Number of the account that approved it.
             */
            approved_by?: number | null;
            /** @description Key of the commission, in hex. */
            commission_key: string;
            /** @description When it was made, RFC 3339. */
            created_at: string;
            /** @description The manifest draft. */
            draft: Record<string, never>;
            /** @description vkey of its log. */
            log_vkey: string;
            /**
             * @description Hash of the manifest that approval froze, or would freeze now, in hex; null while there are
             *     problems.
             */
            manifest_hash?: string | null;
            /** @description Name of its log, `<host>/<tenant>/<election>`. */
            origin: string;
            /** @description What is still missing or wrong for a manifest; it must be empty to submit. */
            problems: components["schemas"]["FieldError"][];
            returned?: null | components["schemas"]["Returned"];
            /** @description Name in paths. */
            slug: string;
            /** @description Where its paper work stands. */
            state: components["schemas"]["ElectionState"];
            /** @description When it was submitted, RFC 3339. */
            submitted_at?: string | null;
            /**
             * Format: int64
             * @description Number of the account that submitted it.
             */
            submitted_by?: number | null;
            /** @description Last change, RFC 3339. */
            updated_at: string;
            /**
             * Format: int64
             * @description Grows with every change; also the `ETag`.
             */
            version: number;
        };
        /** @description Where an entry stands. */
        EntryPlace: {
            /**
             * Format: int64
             * @description Its index in the log.
             */
            index: number;
        };
        /** @description What is wrong with one field of a request. */
        FieldError: {
            /**
             * @description Name of the field, dotted for inner ones.
             * @example schedule.opens_at
             */
            field: string;
            /** @description What was expected and found. */
            reason: string;
        };
        /** @description What the record checker found. */
        FindingBody: {
            /**
             * Format: int32
             * @description Number of the check that failed.
             * @example 5
             */
            check: number;
            /** @description What it should have been. */
            expected: string;
            /** @description What it was. */
            found: string;
            /** @description What was looked at. */
            what: string;
        };
        /** @description Decrypted sums of some units together. */
        GroupResult: {
            /** @description Numbers of the units. */
            units: number[];
            /** @description Sum at each position. */
            values: number[];
        };
        /** @description Who wants to vote. */
        IdentifyRequest: {
            /**
             * @description Identifier in the electoral roll.
             * @example V0000123
             */
            voter_id: string;
        };
        /** @description An election in a public list. */
        ListedElection: {
            /**
             * Format: int64
             * @description End of voting, re-dated or as announced, in seconds since 1970.
             */
            closes: number;
            /** @description Slug of the election. */
            election: string;
            /**
             * Format: int64
             * @description Beginning of voting, in seconds since 1970.
             */
            opens: number;
            /** @description Where it stands. */
            phase: components["schemas"]["Phase"];
            /** @description Slug of the tenant. */
            tenant: string;
            /** @description Name of the tenant. */
            tenant_name: string;
            /** @description Whether it is a test. */
            test: boolean;
            /** @description Its title. */
            title: components["schemas"]["Title"];
        };
        /** @description Whether an election stands in public lists. */
        Listing: {
            /** @description Its own address works either way. */
            listed: boolean;
        };
        /** @description Who wants to log in. */
        LoginRequest: {
            /**
             * @description Log-in name.
             * @example alice
             */
            login: string;
            /** @description Password. */
            password: components["schemas"]["Secret"];
            /**
             * @description Slug of the tenant.
             * @example city
             */
            tenant: string;
        };
        /** @description A draw. */
        LotView: {
            /** @description SHA-256 of the seed, in hex: to be written down before anyone contributes. */
            commitment: string;
            /**
             * Format: int32
             * @description Number of the contest, from 0.
             */
            contest: number;
            /** @description What people in the room added. */
            contribution?: string | null;
            /** @description When it was drawn, RFC 3339. */
            drawn_at?: string | null;
            /** @description Log-in name of who drew; only for staff of the tenant. */
            drawn_by?: string | null;
            /**
             * Format: int64
             * @description Number.
             */
            id: number;
            /** @description When the server committed itself, RFC 3339. */
            made_at: string;
            /** @description Korean titles of the options in the order before. */
            options: string[];
            /** @description The old number of the option at each new place. */
            order?: number[] | null;
            /** @description The seed, in hex; null before the draw. */
            seed?: string | null;
        };
        /** @description The account behind the access token. */
        Me: {
            /** @description Log-in name. */
            login: string;
            /** @description What it may do. */
            roles: components["schemas"]["Roles"];
            /**
             * Format: int64
             * @description Number of the account.
             */
            staff_id: number;
            /** @description Slug of its tenant. */
            tenant: string;
            /** @description Name of its tenant. */
            tenant_name: string;
        };
        /**
         * @description What kind of message.
         * @enum {string}
         */
        MessageKind: "invitation" | "reminder";
        /** @description What would be sent, or a run. */
        MessagesView: {
            /**
             * Format: int64
             * @description Of a dry run: those with a telephone number, which an SMTP outbox cannot reach.
             */
            by_telephone?: number | null;
            /** @description When it ended, RFC 3339; null while it runs or if it was interrupted. */
            finished_at?: string | null;
            /**
             * Format: int64
             * @description Number of the run; null for a dry run.
             */
            id?: number | null;
            /** @description What kind. */
            kind: components["schemas"]["MessageKind"];
            /**
             * Format: int64
             * @description Recipients when it began.
             */
            recipients: number;
            /** @description Whether it is being sent now. */
            running: boolean;
            /**
             * Format: int64
             * @description Messages handed to the outbox.
             */
            sent: number;
            /** @description When it began, RFC 3339. */
            started_at?: string | null;
            /** @description Subject line. */
            subject: string;
            /** @description Text; of a dry run a sample with the placeholders filled in. */
            text: string;
            /**
             * Format: int32
             * @description Only voters of this reporting unit.
             */
            unit?: number | null;
        };
        /** @description A new account. */
        NewAccount: {
            /**
             * @description Log-in name, unique in the tenant: a-z, 0-9 and `.-_@+`.
             * @example alice
             */
            login: string;
            password?: null | components["schemas"]["Secret"];
            /** @description What it may do. */
            roles: components["schemas"]["Roles"];
        };
        /** @description New voting pages. */
        NewAssets: {
            /** @description SHA-256 of the asset manifest, in hex. */
            hash: string;
            /** @description Published. */
            reason: string;
        };
        /** @description A later end of voting. */
        NewClosing: {
            /**
             * Format: int64
             * @description In seconds since 1970.
             */
            closes: number;
            /** @description Published. */
            reason: string;
        };
        /** @description A new election. */
        NewElection: {
            /**
             * @description The manifest draft, possibly incomplete. `origin`, `roles.log`, `roles.acknowledgement`
             *     and `roles.commission` are filled in by the server.
             */
            draft: Record<string, never>;
            /**
             * @description Name in paths and in the board's origin; cannot be changed.
             * @example school-meals
             */
            slug: string;
        };
        /** @description A draw to be prepared. */
        NewLot: {
            /**
             * Format: int32
             * @description Number of the contest, from 0.
             */
            contest: number;
        };
        /** @description Messages to be sent. */
        NewMessages: {
            /** @description Only count the recipients and show a sample. */
            dry_run?: boolean;
            /** @description What kind. */
            kind: components["schemas"]["MessageKind"];
            /**
             * Format: int64
             * @description Go on with a run that was interrupted, by its number; nothing else is given then.
             */
            resume?: number | null;
            /** @description Subject line; ours in Korean and English if left out. */
            subject?: string | null;
            /**
             * @description Text, with the placeholders {name}, {title}, {title_en}, {opens}, {closes}, {address}; ours
             *     in Korean and English if left out.
             */
            text?: string | null;
            /**
             * Format: int32
             * @description Only voters of this reporting unit.
             */
            unit?: number | null;
        };
        /** @description A request. */
        NewRollRequest: {
            /** @description The new address, for `contact`. */
            contact?: string | null;
            /** @description What is asked for. */
            kind: components["schemas"]["RequestKind"];
            /** @description Why. */
            reason: string;
        };
        /** @description A new tenant with its first administrator. */
        NewTenant: {
            /** @description Log-in name of the first administrator. */
            admin_login: string;
            admin_password?: null | components["schemas"]["Secret"];
            /**
             * @description Name for people.
             * @example 서울특별시 선거관리위원회
             */
            name: string;
            /**
             * @description Name in paths and in the board's origin; cannot be changed.
             * @example seoul
             */
            slug: string;
        };
        /** @description A new voter. */
        NewVoter: {
            /** @description E-mail address or telephone number. */
            contact: string;
            /** @description Name. */
            name: string;
            /**
             * Format: int32
             * @description Number of a ballot style.
             */
            style?: number;
            /**
             * Format: int32
             * @description Number of a reporting unit.
             */
            unit: number;
            /** @description What the voter types to identify; unique in the election. */
            voter_id: string;
            /**
             * Format: int32
             * @description Public weight.
             * @default 1
             */
            weight: number;
        };
        /** @description An objection. */
        ObjectionRequest: {
            /** @description E-mail address or telephone number for staff; never public. */
            contact?: string | null;
            /**
             * Format: int64
             * @description Index of the entry it is about.
             */
            entry?: number | null;
            /** @description SHA-256 of evidence that the observer keeps, in hex; public. */
            evidence?: string | null;
            /** @description How the observer signs; public. */
            name?: string | null;
            /** @description What is objected to; public. */
            text: string;
        };
        /** @description An objection that was taken. */
        ObjectionTaken: {
            /**
             * Format: int64
             * @description Its number, from 1.
             */
            number: number;
        };
        /** @description An objection with its replies. */
        ObjectionView: {
            /** @description When it came, RFC 3339. */
            at: string;
            /**
             * Format: int64
             * @description Index of the entry it is about.
             */
            entry?: number | null;
            /** @description SHA-256 of evidence, in hex. */
            evidence?: string | null;
            /** @description How the observer signs. */
            name?: string | null;
            /**
             * Format: int64
             * @description Number, from 1.
             */
            number: number;
            /** @description Replies of staff, oldest first. */
            replies: components["schemas"]["ReplyView"][];
            /** @description What it says; null if it is withheld. */
            text?: string | null;
            /** @description Why the text is withheld. */
            withheld?: string | null;
        };
        /** @description Paper votes so far. */
        PaperVotes: {
            /** @description One number for each unit, in their order. */
            per_unit: number[];
        };
        /** @description Change of one's own password. */
        PasswordRequest: {
            /** @description The present password. */
            current: components["schemas"]["Secret"];
            /** @description The new one: at least 12 characters. */
            new: components["schemas"]["Secret"];
        };
        /** @description Not in the log yet. */
        Pending: {
            /**
             * @description Always `pending`.
             * @example pending
             */
            status: string;
        };
        /**
         * @description Where an election stands.
         * @enum {string}
         */
        Phase: "ceremony" | "drill" | "roll" | "sealed" | "open" | "closed" | "tally" | "finished" | "void";
        /** @description What became of a proposal. */
        ProposalState: {
            /** @description SHA-256 of type and payload, in hex. */
            id: string;
            /**
             * Format: int64
             * @description Its place in the log, once it is an entry.
             */
            index?: number | null;
            /**
             * @description Roles that have not signed.
             * @example [
             *       "authority 2",
             *       "commission"
             *     ]
             */
            missing: string[];
        };
        /** @description A proposal in a list. */
        ProposalView: {
            /** @description SHA-256 of type and payload, in hex. */
            id: string;
            /**
             * Format: int64
             * @description Its place in the log, once it is an entry.
             */
            index?: number | null;
            /** @description Roles that have not signed. */
            missing: string[];
            /** @description One line for people. */
            summary: string;
            /**
             * Format: int32
             * @description Entry type.
             */
            type: number;
        };
        /** @description An election for everyone. */
        PublicElection: {
            /** @description Which voting pages are the right ones. */
            assets: components["schemas"]["Assets"];
            /**
             * @description Path of its board.
             * @example /board/city/meals/
             */
            board: string;
            /** @description Slug of the election. */
            election: string;
            /** @description Joint public key K, in hex; null before the ceremony has ended. */
            joint_key?: string | null;
            /**
             * Format: int64
             * @description Entries in its published log.
             */
            log_size: number;
            /** @description Manifest hash mh, in hex. */
            manifest_hash: string;
            /** @description Name of its log. */
            origin: string;
            /** @description Where it stands. */
            phase: components["schemas"]["Phase"];
            /** @description When voting takes place. */
            schedule: components["schemas"]["Schedule"];
            /** @description Slug of the tenant. */
            tenant: string;
            /** @description Whether it is a test. */
            test: boolean;
            /** @description Its title. */
            title: components["schemas"]["Title"];
            /** @description vkey of its log; take it from elsewhere to trust it. */
            vkey: string;
        };
        /** @description A refresh token. */
        RefreshRequest: {
            /** @description As given by the last log-in or refresh. */
            refresh_token: components["schemas"]["Secret"];
        };
        /** @description A reply. */
        ReplyRequest: {
            /** @description What it says; public. */
            text: string;
        };
        /** @description A reply of staff. */
        ReplyView: {
            /** @description When, RFC 3339. */
            at: string;
            /** @description What it says. */
            text: string;
        };
        /** @description The outcome of a check. */
        Report: {
            /** @description The first 1,000 problems. */
            problems: components["schemas"]["RowProblem"][];
            /**
             * Format: int64
             * @description Number of problems.
             */
            problems_total: number;
            /**
             * Format: int64
             * @description Rows with data, those with problems included.
             */
            rows: number;
        };
        /**
         * @description What is asked for.
         * @enum {string}
         */
        RequestKind: "contact" | "reissue";
        /**
         * @description How far a request is.
         * @enum {string}
         */
        RequestState: "open" | "accepted" | "refused" | "revocation_proposed" | "revoked" | "reissued";
        /** @description The result of an election. */
        ResultView: {
            /**
             * Format: int64
             * @description Counted ballots, one a voter.
             */
            ballots: number;
            /** @description Its contests. */
            contests: components["schemas"]["ContestView"][];
            /**
             * Format: int64
             * @description Electorate.
             */
            electorate: number;
            /**
             * Format: int64
             * @description Paper votes.
             */
            paper: number;
            /** @description Where the election stands. */
            phase: components["schemas"]["Phase"];
        };
        /** @description A draft that went back to its authors. */
        Returned: {
            /** @description When, RFC 3339. */
            at: string;
            /**
             * Format: int64
             * @description Number of the account that returned it.
             */
            by: number;
            /** @description What is to be changed. */
            reason: string;
        };
        /** @description Why a submitted election goes back. */
        ReturnRequest: {
            /** @description What is to be changed. */
            reason: string;
        };
        /**
         * @description A role. An account may hold several; two-person rules compare persons, not roles.
         * @enum {string}
         */
        Role: "platform_admin" | "tenant_admin" | "manager" | "approver" | "auditor" | "authority";
        /** @description The roles of one account. */
        Roles: components["schemas"]["Role"][];
        /** @description A request with its state. */
        RollRequestView: {
            /** @description The new address; only for those who manage the roll or approve. */
            contact?: string | null;
            /**
             * Format: int64
             * @description The credential to be replaced.
             */
            credential_index?: number | null;
            /** @description When, RFC 3339. */
            decided_at?: string | null;
            /**
             * Format: int64
             * @description Number of the account that decided.
             */
            decided_by?: number | null;
            /** @description Its log-in name. */
            decided_by_login?: string | null;
            /**
             * Format: int64
             * @description Number.
             */
            id: number;
            /** @description What is asked for. */
            kind: components["schemas"]["RequestKind"];
            /** @description Name of the voter. */
            name: string;
            /** @description Why. */
            reason: string;
            /**
             * Format: int64
             * @description Index of the re-issue.
             */
            reissue?: number | null;
            /** @description When, RFC 3339. */
            requested_at: string;
            /**
             * Format: int64
             * @description Number of the account that asked.
             */
            requested_by: number;
            /** @description Its log-in name. */
            requested_by_login: string;
            /**
             * Format: int64
             * @description Index of the revocation.
             */
            revocation?: number | null;
            /** @description How far it is. */
            state: components["schemas"]["RequestState"];
            /**
             * Format: int64
             * @description Number of the voter's row.
             */
            voter: number;
            /** @description What the voter types to identify. */
            voter_id: string;
        };
        /** @description Counts of an electoral roll. */
        RollView: {
            /**
             * Format: int64
             * @description Voters with a credential.
             */
            assigned: number;
            /** @description Whether the roll is sealed on the ledger. */
            sealed: boolean;
            /** @description Counts by reporting unit, all units of the manifest. */
            units: components["schemas"]["UnitView"][];
            /**
             * Format: int64
             * @description Voters.
             */
            voters: number;
        };
        /** @description One problem of a file. */
        RowProblem: {
            /**
             * @description Column; null if the problem is with the whole line.
             * @example district
             */
            column?: string | null;
            /**
             * Format: int64
             * @description Line in the file, from 1; null if the problem is with the file as a whole.
             * @example 17
             */
            line?: number | null;
            /** @description What was expected and found. */
            reason: string;
        };
        /** @description When voting takes place, in seconds since 1970. */
        Schedule: {
            /**
             * Format: int64
             * @description End, re-dated or as announced.
             */
            closes: number;
            /**
             * Format: int64
             * @description Beginning.
             */
            opens: number;
        };
        /** @description A text that must not be shown: wiped when dropped, hidden from `Debug`. */
        Secret: string;
        /** @description Public keys that the server made for an election. */
        ServerKeys: {
            /** @description Key of acknowledgements, in hex. */
            acknowledgement: string;
            /** @description Key of the commission, in hex. */
            commission: string;
            /** @description vkey of the log. */
            log: string;
        };
        /** @description The account behind a session. */
        Session: components["schemas"]["TokenPair"] & {
            /** @description Whether the password must be changed before anything else is allowed. */
            must_change_password: boolean;
            /** @description What it may do. */
            roles: components["schemas"]["Roles"];
            /**
             * Format: int64
             * @description Number of the account.
             */
            staff_id: number;
        };
        /** @description The one-time code. */
        SessionRequest: {
            /** @description Six digits. */
            otp: components["schemas"]["Secret"];
            /**
             * @description Identifier in the electoral roll.
             * @example V0000123
             */
            voter_id: string;
        };
        /** @description An objection as staff sees it. */
        StaffObjectionView: components["schemas"]["ObjectionView"] & {
            /** @description How to reach the observer. */
            contact?: string | null;
            /** @description The text, also if it is withheld. */
            full_text: string;
        };
        /** @description An account. */
        StaffView: {
            /** @description When it was made, RFC 3339. */
            created_at: string;
            /** @description Whether it is locked. */
            disabled: boolean;
            /**
             * Format: int64
             * @description Number.
             */
            id: number;
            /** @description Log-in name. */
            login: string;
            /** @description Whether its password must be changed before anything else. */
            must_change_password: boolean;
            /** @description What it may do. */
            roles: components["schemas"]["Roles"];
        };
        /**
         * @description What the trustees do next.
         * @enum {string}
         */
        Step: "commitment" | "opening" | "shares" | "confirmation" | "restart" | "joint_key" | "drill" | "wait" | "decryption" | "finished";
        /** @description Who votes on paper: one of the two. */
        Strike: {
            /**
             * Format: int32
             * @description Index of the credential.
             */
            credential_index?: number | null;
            /** @description Identifier in the electoral roll. */
            voter_id?: string | null;
        };
        /** @description A tenant. */
        TenantView: {
            /** @description When it was made, RFC 3339. */
            created_at: string;
            /** @description Name for people. */
            name: string;
            /** @description Name in paths. */
            slug: string;
        };
        /** @description Entries of one kind and origin that follow each other. */
        TimelineEvent: {
            /**
             * Format: int32
             * @description Number of the trustee that a complaint accuses.
             */
            accused?: number | null;
            /** @description New hash of the asset manifest, in hex. */
            assets?: string | null;
            /** @description When the last got its place, RFC 3339: the server's word, not part of the record. */
            at?: string | null;
            /**
             * Format: int32
             * @description Attempt of the ceremony.
             */
            attempt?: number | null;
            /**
             * Format: int32
             * @description Number of the contest, from 0.
             */
            contest?: number | null;
            /**
             * Format: int64
             * @description Number of entries.
             */
            count: number;
            /**
             * Format: int64
             * @description Index of the first entry.
             */
            index: number;
            /**
             * @description Entry type, as docs/protocol.cddl names it.
             * @example ceremony-commitment
             */
            kind: string;
            /**
             * Format: int64
             * @description Index of the last entry.
             */
            last_index: number;
            /** @description The reason given. */
            reason?: string | null;
            /**
             * Format: int64
             * @description The moment that the entry states, in seconds since 1970: opening, closing, new closing time.
             */
            time?: number | null;
            /**
             * Format: int32
             * @description Number of the trustee, from 1.
             */
            trustee?: number | null;
        };
        /** @description A text in Korean and, if there is one, in English. */
        Title: {
            /** @description English; may be empty. */
            en: string;
            /** @description Korean. */
            ko: string;
        };
        /** @description Tokens of a session. */
        TokenPair: {
            /** @description End of the access token, RFC 3339. */
            access_expires_at: string;
            /** @description Send as `Authorization: Bearer`. */
            access_token: string;
            /** @description Works once; a second use ends the session. */
            refresh_token: string;
            /**
             * @description Always `Bearer`.
             * @example Bearer
             */
            token_type: string;
        };
        /** @description An entry of a trustee. */
        TrusteeEntry: {
            /**
             * Format: int64
             * @description Index of the entry.
             */
            index: number;
            /**
             * Format: int32
             * @description Number of the trustee, from 1.
             */
            trustee: number;
        };
        /** @description What a trustee has done. */
        TrusteeStatus: {
            commitment?: null | components["schemas"]["Done"];
            confirmation?: null | components["schemas"]["Done"];
            /** @description Whether everything is decrypted and proven. */
            decrypted: boolean;
            decryption?: null | components["schemas"]["Done"];
            /**
             * Format: int64
             * @description Entries of partial decryptions.
             */
            decryption_entries: number;
            drill?: null | components["schemas"]["Done"];
            /** @description Key of its signatures, in hex. */
            key: string;
            /** @description Name. */
            name: string;
            /** @description Number, from 1. */
            number: number;
            opening?: null | components["schemas"]["Done"];
            shares?: null | components["schemas"]["Done"];
        };
        /** @description What the trustees have done. */
        TrusteesView: {
            /**
             * Format: int32
             * @description Present attempt of the key ceremony, from 1.
             */
            attempt: number;
            complaint?: null | components["schemas"]["ComplaintView"];
            joint_key?: null | components["schemas"]["Done"];
            /**
             * Format: int32
             * @description Trustees needed to decrypt.
             */
            quorum: number;
            /** @description Why the ceremony was restarted, oldest first. */
            restarts: string[];
            /** @description What is next. */
            step: components["schemas"]["Step"];
            /** @description What each has done. */
            trustees: components["schemas"]["TrusteeStatus"][];
            /** @description Numbers of the trustees that have not done the step yet. */
            waiting_for: number[];
        };
        /** @description How online turnout grew. The server's word: the board has no times of ballots. */
        TurnoutHistory: {
            /**
             * Format: int64
             * @description Announced electorate.
             */
            electorate: number;
            /**
             * Format: int32
             * @description Figures are noted at most once in so many seconds.
             */
            interval: number;
            /**
             * @description Oldest first, from the opening to now or to the end of voting. Between two moments nothing is known but that
             *     the figure went from one to the other; a moment at which it was the same as before may be left out.
             */
            points: components["schemas"]["TurnoutPoint"][];
            /**
             * Format: int32
             * @description The reporting unit; null: all of them.
             */
            unit?: number | null;
        };
        /** @description Online turnout at a moment. */
        TurnoutPoint: {
            /**
             * Format: int64
             * @description In seconds since 1970.
             */
            at: number;
            /**
             * Format: int64
             * @description Voters with a counted online ballot then.
             */
            counted: number;
        };
        /** @description Turnout so far. Never how anyone voted. */
        TurnoutView: {
            /**
             * Format: int64
             * @description Voters with a counted ballot.
             */
            counted: number;
            /**
             * Format: int64
             * @description Announced electorate.
             */
            electorate: number;
            /**
             * Format: int64
             * @description Entries of the log that the figures are of.
             */
            log_size: number;
            /**
             * Format: int64
             * @description Paper votes.
             */
            paper: number;
            /**
             * Format: double
             * @description Share of the electorate that has voted, in percent, rounded to hundredths.
             */
            percent: number;
            /** @description The same of each unit. */
            units: components["schemas"]["UnitTurnout"][];
        };
        /** @description Turnout of a reporting unit. */
        UnitTurnout: {
            /**
             * Format: int64
             * @description Voters with a counted ballot.
             */
            counted: number;
            /**
             * Format: int64
             * @description Announced electorate.
             */
            electorate: number;
            /**
             * Format: int64
             * @description Paper votes.
             */
            paper: number;
            /** @description Its title. */
            title: components["schemas"]["Title"];
            /** @description Number of the unit. */
            unit: number;
        };
        /** @description Counts of a reporting unit. */
        UnitView: {
            /**
             * Format: int64
             * @description Voters with a credential.
             */
            assigned: number;
            /** @description English title; may be empty. */
            title_en: string;
            /** @description Korean title. */
            title_ko: string;
            /**
             * Format: int32
             * @description Number in the manifest.
             */
            unit: number;
            /**
             * Format: int64
             * @description Voters.
             */
            voters: number;
        };
        /** @description A correction; what is left out stays. */
        VoterCorrection: {
            /** @description E-mail address or telephone number. */
            contact?: string | null;
            /** @description Name. */
            name?: string | null;
            /**
             * Format: int32
             * @description Number of a ballot style; until credentials are assigned.
             */
            style?: number | null;
            /**
             * Format: int32
             * @description Number of a reporting unit; until credentials are assigned.
             */
            unit?: number | null;
            /**
             * Format: int32
             * @description Public weight; until credentials are assigned.
             */
            weight?: number | null;
        };
        /** @description A page of voters. */
        VoterPage: {
            /** @description Pass it as `after` for the next page; null at the end. */
            next?: string | null;
            /** @description In the order of their identifiers. */
            voters: components["schemas"]["VoterView"][];
        };
        /**
         * @description What became of a voter's credential.
         * @enum {string}
         */
        VoterStatus: "unassigned" | "not_voted" | "voted" | "paper" | "revoked";
        /** @description A voter's session. */
        VoterToken: {
            /**
             * Format: int32
             * @description Index of the voter's credential in the roll on the board.
             */
            credential_index: number;
            /** @description End of the session, RFC 3339. */
            expires_at: string;
            /** @description Whether a ballot of this voter is durable, in the log or on its way there. */
            has_cast: boolean;
            /**
             * Format: int64
             * @description Counter of the voter's last ballot, 0 before the first. The next one must be above it.
             */
            last_counter: number;
            /** @description Whether the voter was struck because of voting on paper. */
            on_paper: boolean;
            /**
             * @description Public credential P on the board, in hex; null until it is published. A voting code that
             *     does not give it is not this voter's.
             */
            public_credential?: string | null;
            /** @description Whether the credential was revoked. */
            revoked: boolean;
            /**
             * Format: int32
             * @description Number of the voter's ballot style.
             */
            style: number;
            /** @description Send as `Authorization: Bearer`. */
            token: string;
            /**
             * Format: int32
             * @description Number of the voter's reporting unit.
             */
            unit: number;
        };
        /** @description A voter. */
        VoterView: {
            /** @description Where one-time codes go. */
            contact: string;
            /**
             * Format: int64
             * @description Index of the credential, once assigned.
             */
            credential_index?: number | null;
            /**
             * Format: int64
             * @description Number of the row, for paths.
             */
            id: number;
            /** @description Name. */
            name: string;
            /** @description What became of it. */
            status: components["schemas"]["VoterStatus"];
            /**
             * Format: int32
             * @description Number of the ballot style.
             */
            style: number;
            /**
             * Format: int32
             * @description Number of the reporting unit.
             */
            unit: number;
            /** @description What the voter types to identify. */
            voter_id: string;
            /**
             * Format: int64
             * @description Public weight.
             */
            weight: number;
        };
        /** @description A place in the waiting room. */
        WaitingBody: {
            /**
             * Format: int64
             * @description Requests that are expected to be served before this one.
             * @example 4096
             */
            ahead: number;
            /**
             * Format: int64
             * @description Send the same again after so many seconds, as `Retry-After` says too.
             * @example 3
             */
            seconds: number;
        };
        /** @description Whether a text is shown. */
        Withholding: {
            /** @description Why the text is not shown; null shows it again. */
            reason?: string | null;
        };
    };
    responses: {
        /** @description Any error, RFC 9457 */
        AnyProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /**
                     * @description Stable name of the type, for programs.
                     * @example not-found
                     */
                    code: string;
                    /** @description What is special about this occurrence. */
                    detail?: string | null;
                    /** @description Every field that was refused. */
                    errors?: components["schemas"]["FieldError"][];
                    /** @description Every check of the record that failed. */
                    findings?: components["schemas"]["FindingBody"][];
                    /**
                     * @description The request, as in the server's log.
                     * @example urn:uuid:7b0a0d0e-4e1c-4d3c-9f43-0c6c4a3f5d0e
                     */
                    instance?: string | null;
                    report?: null | components["schemas"]["Report"];
                    /**
                     * Format: int32
                     * @description The HTTP status.
                     * @example 404
                     */
                    status: number;
                    /** @description One sentence, the same for every problem of this type. */
                    title: string;
                    /**
                     * @description `urn:hanpyo:problem:` and the code.
                     * @example urn:hanpyo:problem:not-found
                     */
                    type: string;
                    waiting?: null | components["schemas"]["WaitingBody"];
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
