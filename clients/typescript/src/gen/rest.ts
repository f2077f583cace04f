// Written by scripts/client.mjs from the documents of the server. Do not edit.

export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process lives
         * @description Permission: `health`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @constant */
                            alive: true;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it is ready, and if not, why
         * @description Permission: `health`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ready: boolean;
                            reasons?: string[];
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus metrics
         * @description Permission: `metrics`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description Permission: `dashboard`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            openapi: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/asyncapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The AsyncAPI document of the event stream
         * @description Permission: `dashboard`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            asyncapi: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The server itself
         * @description Permission: `system`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @constant */
                            name: "sightline";
                            version: string;
                            /** Format: date-time */
                            startedAt: string;
                            uptimeSeconds: number;
                            node: string;
                            platform: string;
                            clients: number;
                            lastSeq: number;
                            firstSeq: number;
                            processors: {
                                count: number;
                                busy?: number;
                            };
                            memory: {
                                total: number;
                                free: number;
                            };
                            analysis: {
                                workers: number;
                                wantedFps: number;
                                fps: number;
                            };
                            engine: {
                                state: string;
                                restarts: number;
                                reason?: string;
                            };
                            ffmpeg?: {
                                version: string;
                                origin: string;
                            };
                            store: {
                                /** @enum {string} */
                                kind: "embedded" | "postgresql";
                                bytes?: number;
                                failure?: string;
                            };
                            pictures: {
                                bytes: number;
                                bytesMax: number;
                            };
                            recordings: {
                                bytes: number;
                                segments: number;
                            };
                            disk?: {
                                total: number;
                                free: number;
                                reserve: number;
                            };
                            retention: {
                                infoDays: number;
                                warningDays: number;
                                alertDays: number;
                                tracksDays: number;
                                auditDays: number;
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether one is signed in, and whether there are users
         * @description Permission: `session`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            needsSetup: boolean;
                            isVisitor: boolean;
                            oidc?: {
                                name: string;
                            };
                            me?: {
                                /** @enum {string} */
                                kind: "session" | "token";
                                name: string;
                                /** @enum {string} */
                                role?: "viewer" | "operator" | "admin";
                                permissions: string[];
                                cameras: "*" | string[];
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the first administrator
         * @description Permission: `session`.
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
                    "application/json": {
                        code: string;
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                410: components["responses"]["Refusal410"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Permission: `session`.
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
                    "application/json": {
                        name: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to sign in at the OpenID Connect provider: asked by our own page, which then goes there
         * @description Permission: `session`.
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
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            address: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/oidc/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with what the provider sent the browser back with
         * @description Permission: `session`.
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
                    "application/json": {
                        answer: string;
                    };
                };
            };
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Permission: `account`.
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
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who one is
         * @description Permission: `account`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "session" | "token";
                            name: string;
                            /** @enum {string} */
                            role?: "viewer" | "operator" | "admin";
                            permissions: string[];
                            cameras: "*" | string[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the password
         * @description Permission: `account`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default  */
                        current?: string;
                        next: string;
                    };
                };
            };
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where one is signed in
         * @description Permission: `account`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sessions: {
                                id: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                seenAt: string;
                                address: string;
                                agent: string;
                                isCurrent: boolean;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of them
         * @description Permission: `account`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/layouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One’s layouts of the wall
         * @description Permission: `account`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            layouts: {
                                name: string;
                                cameras: string[];
                                columns?: number;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        /**
         * Keep all of them anew; If-Match names the state that is changed
         * @description Permission: `account`.
         */
        put: {
            parameters: {
                query?: never;
                header: {
                    /** @description The ETag of the state that is changed: refused with 412 if it is another by now. */
                    "If-Match": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        layouts: {
                            name: string;
                            cameras: string[];
                            columns?: number;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            layouts: {
                                name: string;
                                cameras: string[];
                                columns?: number;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                412: components["responses"]["Refusal412"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                428: components["responses"]["Refusal428"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All users
         * @description Permission: `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            users: {
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "viewer" | "operator" | "admin";
                                cameras: "*" | string[];
                                issuer?: string;
                                /** Format: date-time */
                                createdAt: string;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        /**
         * Add a user
         * @description Permission: `accounts`.
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
                    "application/json": {
                        name: string;
                        password: string;
                        /** @enum {string} */
                        role: "viewer" | "operator" | "admin";
                        /** @default * */
                        cameras?: "*" | string[];
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                            cameras: "*" | string[];
                            issuer?: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A user
         * @description Permission: `accounts`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                            cameras: "*" | string[];
                            issuer?: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Remove a user
         * @description Permission: `accounts`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag of the state that is changed: refused with 412 if it is another by now. */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                412: components["responses"]["Refusal412"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change a user
         * @description Permission: `accounts`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag of the state that is changed: refused with 412 if it is another by now. */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        role?: "viewer" | "operator" | "admin";
                        cameras?: "*" | string[];
                        password?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            role: "viewer" | "operator" | "admin";
                            cameras: "*" | string[];
                            issuer?: string;
                            /** Format: date-time */
                            createdAt: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                412: components["responses"]["Refusal412"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens
         * @description Permission: `account`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tokens: {
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "viewer" | "operator" | "admin";
                                cameras: "*" | string[];
                                only?: string[];
                                owner?: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                expiresAt?: string;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        /**
         * Make a token; its secret is told once
         * @description Permission: `account`.
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
                    "application/json": {
                        name: string;
                        /**
                         * @default viewer
                         * @enum {string}
                         */
                        role?: "viewer" | "operator" | "admin";
                        /** @default * */
                        cameras?: "*" | string[];
                        only?: ("health" | "dashboard" | "session" | "account" | "cameras" | "live" | "stream" | "events" | "recordings" | "control" | "export" | "system" | "metrics" | "config" | "models" | "accounts" | "audit")[];
                        days?: number;
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            secret: string;
                            token: {
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "viewer" | "operator" | "admin";
                                cameras: "*" | string[];
                                only?: string[];
                                owner?: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                expiresAt?: string;
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description Permission: `account`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, newest first
         * @description Permission: `audit`.
         */
        get: {
            parameters: {
                query?: {
                    before?: string;
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: {
                                seq: number;
                                /** Format: date-time */
                                time: string;
                                who: string;
                                what: string;
                                target: string;
                                detail: string;
                                address: string;
                                hash: string;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/audit/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether nothing of that was changed since the anchor, the last entry that was pruned
         * @description Permission: `audit`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entries: number;
                            anchor: {
                                seq: number;
                                hash: string;
                            };
                            head: string;
                            brokenAt?: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Detectors in use, where and how fast, and the catalogue of models
         * @description Permission: `cameras`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            models: {
                                id: string;
                                /** @enum {string} */
                                state: "loading" | "ready" | "failed" | "old";
                                cameras: string[];
                                model?: string;
                                family?: string;
                                /** @enum {string} */
                                precision?: "float32" | "float16" | "int8";
                                provider?: string;
                                input?: {
                                    width: number;
                                    height: number;
                                } | {
                                    multipleOf: number;
                                };
                                labels?: string[];
                                catalogue?: string;
                                licence?: string;
                                speed?: {
                                    pictures: number;
                                    window: number;
                                    p50Ms: number;
                                    p95Ms: number;
                                };
                                fallbacks?: {
                                    provider: string;
                                    reason: string;
                                }[];
                                reason?: string;
                            }[];
                            catalogue: {
                                name: string;
                                /** @enum {string} */
                                task: "detect" | "scene" | "follow" | "embed" | "read" | "light";
                                family: string;
                                licence: string;
                                isPermissive: boolean;
                                origin: string;
                                note?: string;
                                input: string;
                                cocoAp?: number;
                                cocoApSource?: string;
                                megabytes?: number;
                                /** @enum {string} */
                                presence: "built in" | "yes" | "no" | "damaged" | "unverifiable";
                                pull?: {
                                    /** @enum {string} */
                                    state: "running" | "done" | "failed";
                                    bytes: number;
                                    totalBytes?: number;
                                    reason?: string;
                                };
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A detector in use
         * @description Permission: `cameras`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @enum {string} */
                            state: "loading" | "ready" | "failed" | "old";
                            cameras: string[];
                            model?: string;
                            family?: string;
                            /** @enum {string} */
                            precision?: "float32" | "float16" | "int8";
                            provider?: string;
                            input?: {
                                width: number;
                                height: number;
                            } | {
                                multipleOf: number;
                            };
                            labels?: string[];
                            catalogue?: string;
                            licence?: string;
                            speed?: {
                                pictures: number;
                                window: number;
                                p50Ms: number;
                                p95Ms: number;
                            };
                            fallbacks?: {
                                provider: string;
                                reason: string;
                            }[];
                            reason?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/models/catalogue/{name}/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch a model of the catalogue, or go on where that is under way; GET /api/v1/models tells how far it is
         * @description Permission: `models`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        acceptLicence?: string;
                    };
                };
            };
            responses: {
                /** @description Begun; it goes on */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            state: "running" | "done" | "failed";
                            bytes: number;
                            totalBytes?: number;
                            reason?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        /**
         * Stop fetching it, or forget how that ended; what has come is kept for the next time
         * @description Permission: `models`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The configuration as saved, without secrets; ETag names its state
         * @description Permission: `config`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change it by a JSON merge patch (RFC 7396); If-Match names the state that is changed
         * @description Permission: `config`.
         */
        patch: {
            parameters: {
                query?: never;
                header: {
                    /** @description The ETag of the state that is changed: refused with 412 if it is another by now. */
                    "If-Match": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                412: components["responses"]["Refusal412"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                428: components["responses"]["Refusal428"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        trace?: never;
    };
    "/api/v1/cameras": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All cameras
         * @description Permission: `cameras`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cameras: {
                                id: string;
                                source: string;
                                state: string;
                                /** Format: date-time */
                                since: string;
                                reason?: string;
                                codec?: string;
                                width?: number;
                                height?: number;
                                fps?: number;
                                analysedFps?: number;
                                transcoded: boolean;
                                /** @constant */
                                masked?: true;
                                /** @constant */
                                redacted?: true;
                                reconnects: number;
                                health: {
                                    /** @enum {string} */
                                    state: "learning" | "good" | "faulty";
                                    faults: {
                                        /** @enum {string} */
                                        fault: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                                        /** Format: date-time */
                                        since: string;
                                    }[];
                                };
                                light?: {
                                    regime: string;
                                    meanLuma: number;
                                    normalised: boolean;
                                    trial?: {
                                        method: string;
                                        samples: number;
                                        gain: number;
                                    };
                                };
                                recording?: {
                                    /** @enum {string} */
                                    state: "waiting" | "recording" | "paused";
                                    reason?: string;
                                };
                            }[];
                            engine?: {
                                /** @enum {string} */
                                state: "starting" | "loading" | "ready" | "restarting" | "stopped";
                                /** Format: date-time */
                                since: string;
                                reason?: string;
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/cameras/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A camera
         * @description Permission: `cameras`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            source: string;
                            state: string;
                            /** Format: date-time */
                            since: string;
                            reason?: string;
                            codec?: string;
                            width?: number;
                            height?: number;
                            fps?: number;
                            analysedFps?: number;
                            transcoded: boolean;
                            /** @constant */
                            masked?: true;
                            /** @constant */
                            redacted?: true;
                            reconnects: number;
                            health: {
                                /** @enum {string} */
                                state: "learning" | "good" | "faulty";
                                faults: {
                                    /** @enum {string} */
                                    fault: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                                    /** Format: date-time */
                                    since: string;
                                }[];
                            };
                            light?: {
                                regime: string;
                                meanLuma: number;
                                normalised: boolean;
                                trial?: {
                                    method: string;
                                    samples: number;
                                    gain: number;
                                };
                            };
                            recording?: {
                                /** @enum {string} */
                                state: "waiting" | "recording" | "paused";
                                reason?: string;
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/cameras/{id}/stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the time of its frames goes and what became of them, over the last ten minutes
         * @description Permission: `cameras`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            windowSeconds: number;
                            windows: {
                                /** Format: date-time */
                                from: string;
                                stages: {
                                    [key: string]: {
                                        p50Ms: number;
                                        p95Ms: number;
                                    };
                                };
                                frames: {
                                    received: number;
                                    decoded: number;
                                    skipped: number;
                                    analysed: number;
                                };
                                dropped: {
                                    [key: string]: number;
                                };
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/cameras/{id}/snapshot.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its newest picture
         * @description Permission: `live`.
         */
        get: {
            parameters: {
                query?: {
                    width?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/cameras/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a source, without saving it: what a camera with it would show
         * @description Permission: `config`.
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
                    "application/json": {
                        source: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            source: string;
                            state: string;
                            reason?: string;
                            codec?: string;
                            width?: number;
                            height?: number;
                            fps?: number;
                            transcoded?: boolean;
                            firstPictureMs?: number;
                            picture?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cameras/test/{picture}/picture.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture that came of it
         * @description Permission: `config`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    picture: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/cameras/discover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the network for ONVIF cameras: it takes about three seconds
         * @description Permission: `config`.
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
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            devices: {
                                address: string;
                                name?: string;
                                hardware?: string;
                                location?: string;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webcams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The source of a camera whose pictures a browser sends, over the WebSocket cameras/:id/push
         * @description Permission: `config`.
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
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            source: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to send a clip that a camera is to play
         * @description Permission: `config`.
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
                    "application/json": {
                        /** @description Of the whole file */
                        bytes: number;
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            bytes: number;
                            received: number;
                            pieceBytes: number;
                            clip?: {
                                source: string;
                                codec: string;
                                width: number;
                                height: number;
                                fps: number;
                                durationMs?: number;
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Send the next bytes of it, as application/octet-stream; with the last ones it is looked into
         * @description Permission: `config`.
         */
        put: {
            parameters: {
                query: {
                    from: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": unknown;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            bytes: number;
                            received: number;
                            pieceBytes: number;
                            clip?: {
                                source: string;
                                codec: string;
                                width: number;
                                height: number;
                                fps: number;
                                durationMs?: number;
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cameras/{id}/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Follow what is in a box
         * @description Permission: `control`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        box: [
                            number,
                            number,
                            number,
                            number
                        ];
                        /** @default object */
                        label?: string;
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            number: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cameras/{id}/follow/{track}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Follow it no more
         * @description Permission: `control`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                    track: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cameras/{id}/scene": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Zones that were proposed last, from what the picture shows
         * @description Permission: `control`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            camera: string;
                            /** Format: date-time */
                            lookedAt: string;
                            model: string;
                            pictures: number;
                            width: number;
                            height: number;
                            classes: {
                                class: string;
                                share: number;
                            }[];
                            proposals: {
                                class: string;
                                polygon: [
                                    number,
                                    number
                                ][];
                                share: number;
                                confidence: number;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        /**
         * Look at some pictures, and propose zones: road, pavement and the like
         * @description Permission: `control`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @default 6 */
                        pictures?: number;
                        /** @default 1 */
                        everySeconds?: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            camera: string;
                            /** Format: date-time */
                            lookedAt: string;
                            model: string;
                            pictures: number;
                            width: number;
                            height: number;
                            classes: {
                                class: string;
                                share: number;
                            }[];
                            proposals: {
                                class: string;
                                polygon: [
                                    number,
                                    number
                                ][];
                                share: number;
                                confidence: number;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
                504: components["responses"]["Refusal504"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream/sse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The event stream as server-sent events: each message is the data of one event, its seq the id
         * @description Permission: `stream`.
         */
        get: {
            parameters: {
                query?: {
                    camera?: string | string[];
                    topic?: ("event" | "track" | "frame" | "camera") | ("event" | "track" | "frame" | "camera")[];
                    since?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events, newest first
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: {
                    camera?: ("*" | string) | ("*" | string)[];
                    rule?: string;
                    type?: string;
                    label?: string;
                    zone?: string;
                    severity?: "info" | "warning" | "alert";
                    marked?: "true" | "false";
                    verdict?: "true" | "false alarm";
                    from?: string;
                    to?: string;
                    cursor?: string;
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: {
                                seq: number;
                                camera: string;
                                marked: boolean;
                                review?: {
                                    /** @enum {string} */
                                    verdict?: "true" | "false alarm";
                                    comment?: string;
                                    by: string;
                                    /** Format: date-time */
                                    at: string;
                                };
                                readonly event: {
                                    id: string;
                                    readonly rule: {
                                        name: string;
                                        type: string;
                                        version: string;
                                    };
                                    /** @enum {string} */
                                    severity: "info" | "warning" | "alert";
                                    zone?: string;
                                    line?: string;
                                    /** @description What it is about, where that is one object */
                                    label?: string;
                                    /** @description The objects that made it: 50 at most */
                                    readonly tracks: {
                                        id: string;
                                        label: string;
                                        score: number;
                                        /** @description [x1, y1, x2, y2] in pixels of the source */
                                        readonly box: [
                                            number,
                                            number,
                                            number,
                                            number
                                        ];
                                    }[];
                                    /**
                                     * Format: date-time
                                     * @description ISO 8601, UTC
                                     */
                                    startedAt: string;
                                    /**
                                     * Format: date-time
                                     * @description ISO 8601, UTC
                                     */
                                    endedAt?: string;
                                    /** @enum {string} */
                                    ending?: "over" | "lost" | "merged" | "renamed" | "schedule" | "stream" | "config";
                                    readonly value?: {
                                        seconds?: number;
                                        count?: number;
                                        peak?: number;
                                        kmh?: number;
                                        /** @enum {string} */
                                        direction?: "in" | "out";
                                        /** @description False: told, and not counted any more */
                                        isCounted?: boolean;
                                        readonly counts?: {
                                            readonly in: {
                                                [key: string]: number;
                                            };
                                            readonly out: {
                                                [key: string]: number;
                                            };
                                            /**
                                             * Format: date-time
                                             * @description ISO 8601, UTC
                                             */
                                            since: string;
                                        };
                                        /** @enum {string} */
                                        fault?: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                                        /** @description What was read */
                                        text?: string;
                                        /** @description The entry of the list that it is nearest to */
                                        entry?: string;
                                        /** @description By how much it differs from that */
                                        distance?: number;
                                        /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
                                        readonly class?: {
                                            classifier: string;
                                            version: number;
                                            value: string;
                                            confidence: number;
                                        };
                                    };
                                    /** @description Those that it was made from, by id */
                                    readonly events?: string[];
                                };
                                frame?: {
                                    width: number;
                                    height: number;
                                };
                                model?: string;
                            }[];
                            next?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An event
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            seq: number;
                            camera: string;
                            marked: boolean;
                            review?: {
                                /** @enum {string} */
                                verdict?: "true" | "false alarm";
                                comment?: string;
                                by: string;
                                /** Format: date-time */
                                at: string;
                            };
                            readonly event: {
                                id: string;
                                readonly rule: {
                                    name: string;
                                    type: string;
                                    version: string;
                                };
                                /** @enum {string} */
                                severity: "info" | "warning" | "alert";
                                zone?: string;
                                line?: string;
                                /** @description What it is about, where that is one object */
                                label?: string;
                                /** @description The objects that made it: 50 at most */
                                readonly tracks: {
                                    id: string;
                                    label: string;
                                    score: number;
                                    /** @description [x1, y1, x2, y2] in pixels of the source */
                                    readonly box: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                }[];
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                startedAt: string;
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                endedAt?: string;
                                /** @enum {string} */
                                ending?: "over" | "lost" | "merged" | "renamed" | "schedule" | "stream" | "config";
                                readonly value?: {
                                    seconds?: number;
                                    count?: number;
                                    peak?: number;
                                    kmh?: number;
                                    /** @enum {string} */
                                    direction?: "in" | "out";
                                    /** @description False: told, and not counted any more */
                                    isCounted?: boolean;
                                    readonly counts?: {
                                        readonly in: {
                                            [key: string]: number;
                                        };
                                        readonly out: {
                                            [key: string]: number;
                                        };
                                        /**
                                         * Format: date-time
                                         * @description ISO 8601, UTC
                                         */
                                        since: string;
                                    };
                                    /** @enum {string} */
                                    fault?: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                                    /** @description What was read */
                                    text?: string;
                                    /** @description The entry of the list that it is nearest to */
                                    entry?: string;
                                    /** @description By how much it differs from that */
                                    distance?: number;
                                    /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
                                    readonly class?: {
                                        classifier: string;
                                        version: number;
                                        value: string;
                                        confidence: number;
                                    };
                                };
                                /** @description Those that it was made from, by id */
                                readonly events?: string[];
                            };
                            frame?: {
                                width: number;
                                height: number;
                            };
                            model?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/events/{id}/mark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Keep an event, or do not
         * @description Permission: `control`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag of the state that is changed: refused with 412 if it is another by now. */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        marked: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            seq: number;
                            camera: string;
                            marked: boolean;
                            review?: {
                                /** @enum {string} */
                                verdict?: "true" | "false alarm";
                                comment?: string;
                                by: string;
                                /** Format: date-time */
                                at: string;
                            };
                            readonly event: {
                                id: string;
                                readonly rule: {
                                    name: string;
                                    type: string;
                                    version: string;
                                };
                                /** @enum {string} */
                                severity: "info" | "warning" | "alert";
                                zone?: string;
                                line?: string;
                                /** @description What it is about, where that is one object */
                                label?: string;
                                /** @description The objects that made it: 50 at most */
                                readonly tracks: {
                                    id: string;
                                    label: string;
                                    score: number;
                                    /** @description [x1, y1, x2, y2] in pixels of the source */
                                    readonly box: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                }[];
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                startedAt: string;
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                endedAt?: string;
                                /** @enum {string} */
                                ending?: "over" | "lost" | "merged" | "renamed" | "schedule" | "stream" | "config";
                                readonly value?: {
                                    seconds?: number;
                                    count?: number;
                                    peak?: number;
                                    kmh?: number;
                                    /** @enum {string} */
                                    direction?: "in" | "out";
                                    /** @description False: told, and not counted any more */
                                    isCounted?: boolean;
                                    readonly counts?: {
                                        readonly in: {
                                            [key: string]: number;
                                        };
                                        readonly out: {
                                            [key: string]: number;
                                        };
                                        /**
                                         * Format: date-time
                                         * @description ISO 8601, UTC
                                         */
                                        since: string;
                                    };
                                    /** @enum {string} */
                                    fault?: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                                    /** @description What was read */
                                    text?: string;
                                    /** @description The entry of the list that it is nearest to */
                                    entry?: string;
                                    /** @description By how much it differs from that */
                                    distance?: number;
                                    /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
                                    readonly class?: {
                                        classifier: string;
                                        version: number;
                                        value: string;
                                        confidence: number;
                                    };
                                };
                                /** @description Those that it was made from, by id */
                                readonly events?: string[];
                            };
                            frame?: {
                                width: number;
                                height: number;
                            };
                            model?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                412: components["responses"]["Refusal412"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/verdict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say whether an event was so, and comment on it
         * @description Permission: `control`.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The ETag of the state that is changed: refused with 412 if it is another by now. */
                    "If-Match"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description null, or absent: only a comment */
                        verdict?: ("true" | "false alarm") | null;
                        /** @description Plain text */
                        comment?: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        /** @description Names the state that is answered, for If-Match and If-None-Match. */
                        ETag: string;
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            seq: number;
                            camera: string;
                            marked: boolean;
                            review?: {
                                /** @enum {string} */
                                verdict?: "true" | "false alarm";
                                comment?: string;
                                by: string;
                                /** Format: date-time */
                                at: string;
                            };
                            readonly event: {
                                id: string;
                                readonly rule: {
                                    name: string;
                                    type: string;
                                    version: string;
                                };
                                /** @enum {string} */
                                severity: "info" | "warning" | "alert";
                                zone?: string;
                                line?: string;
                                /** @description What it is about, where that is one object */
                                label?: string;
                                /** @description The objects that made it: 50 at most */
                                readonly tracks: {
                                    id: string;
                                    label: string;
                                    score: number;
                                    /** @description [x1, y1, x2, y2] in pixels of the source */
                                    readonly box: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                }[];
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                startedAt: string;
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                endedAt?: string;
                                /** @enum {string} */
                                ending?: "over" | "lost" | "merged" | "renamed" | "schedule" | "stream" | "config";
                                readonly value?: {
                                    seconds?: number;
                                    count?: number;
                                    peak?: number;
                                    kmh?: number;
                                    /** @enum {string} */
                                    direction?: "in" | "out";
                                    /** @description False: told, and not counted any more */
                                    isCounted?: boolean;
                                    readonly counts?: {
                                        readonly in: {
                                            [key: string]: number;
                                        };
                                        readonly out: {
                                            [key: string]: number;
                                        };
                                        /**
                                         * Format: date-time
                                         * @description ISO 8601, UTC
                                         */
                                        since: string;
                                    };
                                    /** @enum {string} */
                                    fault?: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                                    /** @description What was read */
                                    text?: string;
                                    /** @description The entry of the list that it is nearest to */
                                    entry?: string;
                                    /** @description By how much it differs from that */
                                    distance?: number;
                                    /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
                                    readonly class?: {
                                        classifier: string;
                                        version: number;
                                        value: string;
                                        confidence: number;
                                    };
                                };
                                /** @description Those that it was made from, by id */
                                readonly events?: string[];
                            };
                            frame?: {
                                width: number;
                                height: number;
                            };
                            model?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                412: components["responses"]["Refusal412"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/clip.mp4": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its pictures, with five seconds before and after; with people covered, and of a minute at most, for those who must not see them plain
         * @description Permission: `recordings`.
         */
        get: {
            parameters: {
                query?: {
                    exact?: "true" | "false";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "video/mp4": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                416: components["responses"]["Refusal416"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/events/{id}/snapshot.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture in which it began, with what it is about
         * @description Permission: `recordings`.
         */
        get: {
            parameters: {
                query?: {
                    boxes?: "true" | "false";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                410: components["responses"]["Refusal410"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/tracks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tracks, newest first
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: {
                    camera?: ("*" | string) | ("*" | string)[];
                    label?: string;
                    text?: string;
                    zone?: string;
                    colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                    from?: string;
                    to?: string;
                    cursor?: string;
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tracks: {
                                seq: number;
                                id: string;
                                camera: string;
                                label: string;
                                score: number;
                                /** Format: date-time */
                                startedAt: string;
                                /** Format: date-time */
                                endedAt?: string;
                                mergedInto?: string;
                                frame: {
                                    width: number;
                                    height: number;
                                };
                                firstBox: [
                                    number,
                                    number,
                                    number,
                                    number
                                ];
                                lastBox: [
                                    number,
                                    number,
                                    number,
                                    number
                                ];
                                hasPath: boolean;
                                model: string;
                                classes?: {
                                    classifier: string;
                                    version: number;
                                    value: string;
                                    confidence: number;
                                }[];
                                text?: {
                                    value: string;
                                    /** @description Mean over the characters, 0..1 */
                                    confidence: number;
                                    /** @description Each with its share of the votes, times how sure they were */
                                    readonly characters: {
                                        value: string;
                                        confidence: number;
                                    }[];
                                    /** @description So many pictures of the track were read and have voted */
                                    views: number;
                                    /** @description Of a plate: whether it fits one of the patterns of the camera */
                                    fitsPattern?: boolean;
                                    /** @description The picture that shows it best, of the same epoch, and where the track was in it */
                                    readonly seen: {
                                        /** @description Presentation time within the live feed, ms */
                                        ptsMs: number;
                                        /** @description [x1, y1, x2, y2] in pixels of the source */
                                        readonly box: [
                                            number,
                                            number,
                                            number,
                                            number
                                        ];
                                        /** @description Corners of the line from where it begins, in pixels of the source */
                                        readonly polygon: [
                                            [
                                                number,
                                                number
                                            ],
                                            [
                                                number,
                                                number
                                            ],
                                            [
                                                number,
                                                number
                                            ],
                                            [
                                                number,
                                                number
                                            ]
                                        ];
                                    };
                                    /** Format: date-time */
                                    readAt: string;
                                };
                                zones?: string[];
                                /** @enum {string} */
                                colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                            }[];
                            next?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/tracks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A track
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            seq: number;
                            id: string;
                            camera: string;
                            label: string;
                            score: number;
                            /** Format: date-time */
                            startedAt: string;
                            /** Format: date-time */
                            endedAt?: string;
                            mergedInto?: string;
                            frame: {
                                width: number;
                                height: number;
                            };
                            firstBox: [
                                number,
                                number,
                                number,
                                number
                            ];
                            lastBox: [
                                number,
                                number,
                                number,
                                number
                            ];
                            hasPath: boolean;
                            model: string;
                            classes?: {
                                classifier: string;
                                version: number;
                                value: string;
                                confidence: number;
                            }[];
                            text?: {
                                value: string;
                                /** @description Mean over the characters, 0..1 */
                                confidence: number;
                                /** @description Each with its share of the votes, times how sure they were */
                                readonly characters: {
                                    value: string;
                                    confidence: number;
                                }[];
                                /** @description So many pictures of the track were read and have voted */
                                views: number;
                                /** @description Of a plate: whether it fits one of the patterns of the camera */
                                fitsPattern?: boolean;
                                /** @description The picture that shows it best, of the same epoch, and where the track was in it */
                                readonly seen: {
                                    /** @description Presentation time within the live feed, ms */
                                    ptsMs: number;
                                    /** @description [x1, y1, x2, y2] in pixels of the source */
                                    readonly box: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    /** @description Corners of the line from where it begins, in pixels of the source */
                                    readonly polygon: [
                                        [
                                            number,
                                            number
                                        ],
                                        [
                                            number,
                                            number
                                        ],
                                        [
                                            number,
                                            number
                                        ],
                                        [
                                            number,
                                            number
                                        ]
                                    ];
                                };
                                /** Format: date-time */
                                readAt: string;
                            };
                            zones?: string[];
                            /** @enum {string} */
                            colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/tracks/{id}/path": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where it was
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            frame: {
                                width: number;
                                height: number;
                            };
                            points: number[][];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/tracks/{id}/snapshot.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its best picture
         * @description Permission: `recordings`.
         */
        get: {
            parameters: {
                query?: {
                    boxes?: "true" | "false";
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                410: components["responses"]["Refusal410"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/search/similar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tracks that look like one, the most similar first
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query: {
                    track: string;
                    camera?: ("*" | string) | ("*" | string)[];
                    label?: string;
                    zone?: string;
                    colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                    from?: string;
                    to?: string;
                    distinct?: "true" | "false";
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            model: string;
                            similar: {
                                score: number;
                                others?: number;
                                track: {
                                    seq: number;
                                    id: string;
                                    camera: string;
                                    label: string;
                                    score: number;
                                    /** Format: date-time */
                                    startedAt: string;
                                    /** Format: date-time */
                                    endedAt?: string;
                                    mergedInto?: string;
                                    frame: {
                                        width: number;
                                        height: number;
                                    };
                                    firstBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    lastBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    hasPath: boolean;
                                    model: string;
                                    classes?: {
                                        classifier: string;
                                        version: number;
                                        value: string;
                                        confidence: number;
                                    }[];
                                    text?: {
                                        value: string;
                                        /** @description Mean over the characters, 0..1 */
                                        confidence: number;
                                        /** @description Each with its share of the votes, times how sure they were */
                                        readonly characters: {
                                            value: string;
                                            confidence: number;
                                        }[];
                                        /** @description So many pictures of the track were read and have voted */
                                        views: number;
                                        /** @description Of a plate: whether it fits one of the patterns of the camera */
                                        fitsPattern?: boolean;
                                        /** @description The picture that shows it best, of the same epoch, and where the track was in it */
                                        readonly seen: {
                                            /** @description Presentation time within the live feed, ms */
                                            ptsMs: number;
                                            /** @description [x1, y1, x2, y2] in pixels of the source */
                                            readonly box: [
                                                number,
                                                number,
                                                number,
                                                number
                                            ];
                                            /** @description Corners of the line from where it begins, in pixels of the source */
                                            readonly polygon: [
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ]
                                            ];
                                        };
                                        /** Format: date-time */
                                        readAt: string;
                                    };
                                    zones?: string[];
                                    /** @enum {string} */
                                    colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                                };
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        /**
         * Tracks that look like what a picture shows
         * @description Permission: `events`.
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
                    "application/json": {
                        /** @description A JPEG, PNG or WebP as base64 */
                        picture: string;
                        /** @description Of the object, [x1, y1, x2, y2] as shares of the picture */
                        box?: [
                            number,
                            number,
                            number,
                            number
                        ];
                        camera?: string[];
                        label?: string;
                        zone?: string;
                        /** @enum {string} */
                        colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                        /** Format: date-time */
                        from?: string;
                        /** Format: date-time */
                        to?: string;
                        /** @default false */
                        distinct?: boolean;
                        /** @default 20 */
                        limit?: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            model: string;
                            similar: {
                                score: number;
                                others?: number;
                                track: {
                                    seq: number;
                                    id: string;
                                    camera: string;
                                    label: string;
                                    score: number;
                                    /** Format: date-time */
                                    startedAt: string;
                                    /** Format: date-time */
                                    endedAt?: string;
                                    mergedInto?: string;
                                    frame: {
                                        width: number;
                                        height: number;
                                    };
                                    firstBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    lastBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    hasPath: boolean;
                                    model: string;
                                    classes?: {
                                        classifier: string;
                                        version: number;
                                        value: string;
                                        confidence: number;
                                    }[];
                                    text?: {
                                        value: string;
                                        /** @description Mean over the characters, 0..1 */
                                        confidence: number;
                                        /** @description Each with its share of the votes, times how sure they were */
                                        readonly characters: {
                                            value: string;
                                            confidence: number;
                                        }[];
                                        /** @description So many pictures of the track were read and have voted */
                                        views: number;
                                        /** @description Of a plate: whether it fits one of the patterns of the camera */
                                        fitsPattern?: boolean;
                                        /** @description The picture that shows it best, of the same epoch, and where the track was in it */
                                        readonly seen: {
                                            /** @description Presentation time within the live feed, ms */
                                            ptsMs: number;
                                            /** @description [x1, y1, x2, y2] in pixels of the source */
                                            readonly box: [
                                                number,
                                                number,
                                                number,
                                                number
                                            ];
                                            /** @description Corners of the line from where it begins, in pixels of the source */
                                            readonly polygon: [
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ]
                                            ];
                                        };
                                        /** Format: date-time */
                                        readAt: string;
                                    };
                                    zones?: string[];
                                    /** @enum {string} */
                                    colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                                };
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tracks on which a text, or one near it, is written, the nearest first
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query: {
                    text: string;
                    distance?: string;
                    camera?: ("*" | string) | ("*" | string)[];
                    label?: string;
                    zone?: string;
                    colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                    from?: string;
                    to?: string;
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            texts: {
                                distance: number;
                                track: {
                                    seq: number;
                                    id: string;
                                    camera: string;
                                    label: string;
                                    score: number;
                                    /** Format: date-time */
                                    startedAt: string;
                                    /** Format: date-time */
                                    endedAt?: string;
                                    mergedInto?: string;
                                    frame: {
                                        width: number;
                                        height: number;
                                    };
                                    firstBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    lastBox: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                    hasPath: boolean;
                                    model: string;
                                    classes?: {
                                        classifier: string;
                                        version: number;
                                        value: string;
                                        confidence: number;
                                    }[];
                                    text?: {
                                        value: string;
                                        /** @description Mean over the characters, 0..1 */
                                        confidence: number;
                                        /** @description Each with its share of the votes, times how sure they were */
                                        readonly characters: {
                                            value: string;
                                            confidence: number;
                                        }[];
                                        /** @description So many pictures of the track were read and have voted */
                                        views: number;
                                        /** @description Of a plate: whether it fits one of the patterns of the camera */
                                        fitsPattern?: boolean;
                                        /** @description The picture that shows it best, of the same epoch, and where the track was in it */
                                        readonly seen: {
                                            /** @description Presentation time within the live feed, ms */
                                            ptsMs: number;
                                            /** @description [x1, y1, x2, y2] in pixels of the source */
                                            readonly box: [
                                                number,
                                                number,
                                                number,
                                                number
                                            ];
                                            /** @description Corners of the line from where it begins, in pixels of the source */
                                            readonly polygon: [
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ],
                                                [
                                                    number,
                                                    number
                                                ]
                                            ];
                                        };
                                        /** Format: date-time */
                                        readAt: string;
                                    };
                                    zones?: string[];
                                    /** @enum {string} */
                                    colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                                };
                            }[];
                            isCut: boolean;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/rules/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What rules would have done
         * @description Permission: `control`.
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
                    "application/json": {
                        camera: string;
                        /** Format: date-time */
                        from: string;
                        /** Format: date-time */
                        to: string;
                        zones?: unknown;
                        lines?: unknown;
                        calibration?: unknown;
                        rules: unknown;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: {
                                id: string;
                                readonly rule: {
                                    name: string;
                                    type: string;
                                    version: string;
                                };
                                /** @enum {string} */
                                severity: "info" | "warning" | "alert";
                                zone?: string;
                                line?: string;
                                /** @description What it is about, where that is one object */
                                label?: string;
                                /** @description The objects that made it: 50 at most */
                                readonly tracks: {
                                    id: string;
                                    label: string;
                                    score: number;
                                    /** @description [x1, y1, x2, y2] in pixels of the source */
                                    readonly box: [
                                        number,
                                        number,
                                        number,
                                        number
                                    ];
                                }[];
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                startedAt: string;
                                /**
                                 * Format: date-time
                                 * @description ISO 8601, UTC
                                 */
                                endedAt?: string;
                                /** @enum {string} */
                                ending?: "over" | "lost" | "merged" | "renamed" | "schedule" | "stream" | "config";
                                readonly value?: {
                                    seconds?: number;
                                    count?: number;
                                    peak?: number;
                                    kmh?: number;
                                    /** @enum {string} */
                                    direction?: "in" | "out";
                                    /** @description False: told, and not counted any more */
                                    isCounted?: boolean;
                                    readonly counts?: {
                                        readonly in: {
                                            [key: string]: number;
                                        };
                                        readonly out: {
                                            [key: string]: number;
                                        };
                                        /**
                                         * Format: date-time
                                         * @description ISO 8601, UTC
                                         */
                                        since: string;
                                    };
                                    /** @enum {string} */
                                    fault?: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                                    /** @description What was read */
                                    text?: string;
                                    /** @description The entry of the list that it is nearest to */
                                    entry?: string;
                                    /** @description By how much it differs from that */
                                    distance?: number;
                                    /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
                                    readonly class?: {
                                        classifier: string;
                                        version: number;
                                        value: string;
                                        confidence: number;
                                    };
                                };
                                /** @description Those that it was made from, by id */
                                readonly events?: string[];
                            }[];
                            new: string[];
                            changed: {
                                id: string;
                                was: string;
                            }[];
                            gone: string[];
                            tracks: number;
                            isCut: boolean;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is recorded of a camera, and what is not
         * @description Permission: `recordings`.
         */
        get: {
            parameters: {
                query: {
                    camera: string;
                    from?: string;
                    to?: string;
                    limit?: string;
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            recordings: {
                                camera: string;
                                /** Format: date-time */
                                from: string;
                                /** Format: date-time */
                                to: string;
                                /** @enum {string} */
                                severity: "routine" | "event";
                                marked: boolean;
                                codec: string;
                                width: number;
                                height: number;
                                frames: number;
                                bytes: number;
                                tier: string;
                                epoch: number;
                                /** @constant */
                                open?: true;
                            }[];
                            gaps: {
                                /** Format: date-time */
                                from: string;
                                /** Format: date-time */
                                to: string;
                                reason: string;
                            }[];
                            next?: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/recordings/{camera}/clip.mp4": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A clip; with people covered, and of a minute at most, for those who must not see them plain
         * @description Permission: `recordings`.
         */
        get: {
            parameters: {
                query: {
                    from: string;
                    to: string;
                    exact?: "true" | "false";
                };
                header?: never;
                path: {
                    camera: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "video/mp4": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                416: components["responses"]["Refusal416"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/recordings/{camera}/mark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Keep what is recorded of a time
         * @description Permission: `control`.
         */
        put: {
            parameters: {
                query: {
                    from: string;
                    to: string;
                };
                header?: never;
                path: {
                    camera: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            segments: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        post?: never;
        /**
         * Keep it no longer than usual
         * @description Permission: `control`.
         */
        delete: {
            parameters: {
                query: {
                    from: string;
                    to: string;
                };
                header?: never;
                path: {
                    camera: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            segments: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/search/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tracks that look alike, in groups
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: {
                    camera?: ("*" | string) | ("*" | string)[];
                    label?: string;
                    zone?: string;
                    colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                    from?: string;
                    to?: string;
                    likeness?: string;
                    limit?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            looked: number;
                            isCut: boolean;
                            groups: {
                                count: number;
                                tracks: {
                                    score: number;
                                    track: {
                                        seq: number;
                                        id: string;
                                        camera: string;
                                        label: string;
                                        score: number;
                                        /** Format: date-time */
                                        startedAt: string;
                                        /** Format: date-time */
                                        endedAt?: string;
                                        mergedInto?: string;
                                        frame: {
                                            width: number;
                                            height: number;
                                        };
                                        firstBox: [
                                            number,
                                            number,
                                            number,
                                            number
                                        ];
                                        lastBox: [
                                            number,
                                            number,
                                            number,
                                            number
                                        ];
                                        hasPath: boolean;
                                        model: string;
                                        classes?: {
                                            classifier: string;
                                            version: number;
                                            value: string;
                                            confidence: number;
                                        }[];
                                        text?: {
                                            value: string;
                                            /** @description Mean over the characters, 0..1 */
                                            confidence: number;
                                            /** @description Each with its share of the votes, times how sure they were */
                                            readonly characters: {
                                                value: string;
                                                confidence: number;
                                            }[];
                                            /** @description So many pictures of the track were read and have voted */
                                            views: number;
                                            /** @description Of a plate: whether it fits one of the patterns of the camera */
                                            fitsPattern?: boolean;
                                            /** @description The picture that shows it best, of the same epoch, and where the track was in it */
                                            readonly seen: {
                                                /** @description Presentation time within the live feed, ms */
                                                ptsMs: number;
                                                /** @description [x1, y1, x2, y2] in pixels of the source */
                                                readonly box: [
                                                    number,
                                                    number,
                                                    number,
                                                    number
                                                ];
                                                /** @description Corners of the line from where it begins, in pixels of the source */
                                                readonly polygon: [
                                                    [
                                                        number,
                                                        number
                                                    ],
                                                    [
                                                        number,
                                                        number
                                                    ],
                                                    [
                                                        number,
                                                        number
                                                    ],
                                                    [
                                                        number,
                                                        number
                                                    ]
                                                ];
                                            };
                                            /** Format: date-time */
                                            readAt: string;
                                        };
                                        zones?: string[];
                                        /** @enum {string} */
                                        colour?: "black" | "grey" | "white" | "red" | "orange" | "yellow" | "green" | "blue" | "purple" | "brown";
                                    };
                                }[];
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/classifiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Classifiers that are trained by examples
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            classifiers: {
                                name: string;
                                classes: string[];
                                labels?: string[];
                                cameras?: string[];
                                unsureBelow: number;
                                /** Format: date-time */
                                madeAt: string;
                                examples: {
                                    [key: string]: number;
                                };
                                active?: number;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        /**
         * Make a classifier
         * @description Permission: `models`.
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
                    "application/json": {
                        name: string;
                        classes: string[];
                        labels?: string[];
                        cameras?: string[];
                        /**
                         * @description Least probability of an answer; below, it is unsure
                         * @default 0.7
                         */
                        unsureBelow?: number;
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            classes: string[];
                            labels?: string[];
                            cameras?: string[];
                            unsureBelow: number;
                            /** Format: date-time */
                            madeAt: string;
                            examples: {
                                [key: string]: number;
                            };
                            active?: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/classifiers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A classifier
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            classes: string[];
                            labels?: string[];
                            cameras?: string[];
                            unsureBelow: number;
                            /** Format: date-time */
                            madeAt: string;
                            examples: {
                                [key: string]: number;
                            };
                            active?: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete it, with its examples, versions and answers
         * @description Permission: `models`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Change what it is asked about, and when it is unsure
         * @description Permission: `models`.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        labels?: string[] | null;
                        cameras?: string[] | null;
                        /** @description Least probability of an answer; below, it is unsure */
                        unsureBelow?: number;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            classes: string[];
                            labels?: string[];
                            cameras?: string[];
                            unsureBelow: number;
                            /** Format: date-time */
                            madeAt: string;
                            examples: {
                                [key: string]: number;
                            };
                            active?: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        trace?: never;
    };
    "/api/v1/classifiers/{name}/examples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its labelled pictures
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            examples: {
                                id: number;
                                class: string;
                                /** @enum {string} */
                                origin: "track" | "event" | "upload" | "feedback";
                                source?: string;
                                camera?: string;
                                clip: string;
                                /** Format: date-time */
                                addedAt: string;
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        put?: never;
        /**
         * Label the picture of a track or event, or one that is sent
         * @description Permission: `control`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        class: string;
                        track?: string;
                        event?: string;
                        /** @description A JPEG, PNG or WebP as base64 */
                        picture?: string;
                        /** @description Of a picture: what else comes from the same clip has the same */
                        clip?: string;
                        /** @description Of the object, [x1, y1, x2, y2] as shares of the picture */
                        box?: [
                            number,
                            number,
                            number,
                            number
                        ];
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            class: string;
                            /** @enum {string} */
                            origin: "track" | "event" | "upload" | "feedback";
                            source?: string;
                            camera?: string;
                            clip: string;
                            /** Format: date-time */
                            addedAt: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/classifiers/{name}/examples/{id}/picture.jpg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A labelled picture
         * @description Permission: `recordings`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/classifiers/{name}/examples/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a labelled picture
         * @description Permission: `control`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done; there is nothing to tell */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/classifiers/{name}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what a track is that it was wrong about: it learns from it next time
         * @description Permission: `control`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        track: string;
                        /** @description What it is; absent: it is not what was said */
                        class?: string;
                    };
                };
            };
            responses: {
                /** @description Made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: number;
                            class: string;
                            /** @enum {string} */
                            origin: "track" | "event" | "upload" | "feedback";
                            source?: string;
                            camera?: string;
                            clip: string;
                            /** Format: date-time */
                            addedAt: string;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/classifiers/{name}/train": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train a version on its labelled pictures, and put it in force
         * @description Permission: `models`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            /** Format: date-time */
                            trainedAt: string;
                            report: {
                                examples: number[];
                                validation?: {
                                    /** @enum {string} */
                                    by: "clip" | "track";
                                    folds: number;
                                    accuracy: number;
                                    answered: number;
                                    accuracyOfAnswered: number;
                                    confusion: number[][];
                                };
                                temperature: number;
                                seconds: number;
                            };
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
                504: components["responses"]["Refusal504"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/classifiers/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Its versions
         * @description Permission: `events`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            versions: {
                                version: number;
                                /** Format: date-time */
                                trainedAt: string;
                                report: {
                                    examples: number[];
                                    validation?: {
                                        /** @enum {string} */
                                        by: "clip" | "track";
                                        folds: number;
                                        accuracy: number;
                                        answered: number;
                                        accuracyOfAnswered: number;
                                        confusion: number[][];
                                    };
                                    temperature: number;
                                    seconds: number;
                                };
                            }[];
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/classifiers/{name}/versions/{version}/model.onnx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A version as an ONNX file
         * @description Permission: `models`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                    version: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": unknown;
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                409: components["responses"]["Refusal409"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
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
    "/api/v1/classifiers/{name}/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put a version in force, an earlier one too, or none
         * @description Permission: `models`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version: number | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            classes: string[];
                            labels?: string[];
                            cameras?: string[];
                            unsureBelow: number;
                            /** Format: date-time */
                            madeAt: string;
                            examples: {
                                [key: string]: number;
                            };
                            active?: number;
                        };
                    };
                };
                400: components["responses"]["Refusal400"];
                401: components["responses"]["Refusal401"];
                403: components["responses"]["Refusal403"];
                404: components["responses"]["Refusal404"];
                405: components["responses"]["Refusal405"];
                413: components["responses"]["Refusal413"];
                415: components["responses"]["Refusal415"];
                422: components["responses"]["Refusal422"];
                429: components["responses"]["Refusal429"];
                500: components["responses"]["Refusal500"];
                503: components["responses"]["Refusal503"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
        };
    };
    responses: {
        /** @description The request is not as it should be */
        Refusal400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Sign in, or send a token */
        Refusal401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The role, or the token, may not do that */
        Refusal403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It is not there, or may not be seen */
        Refusal404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The address does not take this method */
        Refusal405: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It contradicts what is */
        Refusal409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description That is over */
        Refusal410: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It has changed since it was read */
        Refusal412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large */
        Refusal413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON */
        Refusal415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is nothing in the range that is asked for */
        Refusal416: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body does not fit */
        Refusal422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description If-Match is missing */
        Refusal428: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many attempts: wait as Retry-After says */
        Refusal429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A defect of the server */
        Refusal500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not now: try again as Retry-After says */
        Refusal503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It took too long */
        Refusal504: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
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
