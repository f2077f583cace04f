// Written by scripts/client.mjs from the documents of the server. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Comes first */
        readonly Hello: {
            /** @constant */
            readonly type: "hello";
            /** @constant */
            readonly v: 1;
            readonly server: string;
            readonly lastSeq: number;
        };
        /** @description Without since, every durable message above lastSeq follows; a client may resume from that number */
        readonly Subscribed: {
            /** @constant */
            readonly type: "subscribed";
            readonly cameras: "*" | readonly string[];
            readonly topics: readonly ("event" | "track" | "frame" | "camera")[];
            readonly lastSeq: number;
        };
        /** @description Nothing more is told */
        readonly Unsubscribed: {
            /** @constant */
            readonly type: "unsubscribed";
        };
        /** @description Answers a ping */
        readonly Pong: {
            /** @constant */
            readonly type: "pong";
        };
        /** @description The messages from..to, both included, were asked for by since and are no longer kept */
        readonly Gap: {
            /** @constant */
            readonly type: "gap";
            readonly from: number;
            readonly to: number;
            /** @constant */
            readonly reason: "retention";
        };
        /** @description What was asked for could not be done; the code is one of docs/errors.md */
        readonly StreamError: {
            /** @constant */
            readonly type: "error";
            readonly code: string;
            readonly message: string;
        };
        /** @description All objects of one analysed frame; not kept, and may be dropped for a slow client */
        readonly Frame: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @constant */
            readonly type: "frame";
            /** @description The stream that ptsMs counts in: a reconnect starts another */
            readonly epoch: number;
            /** @description Presentation time within the live feed, ms */
            readonly ptsMs: number;
            readonly frame: {
                readonly width: number;
                readonly height: number;
            };
            readonly light: {
                /** @enum {string} */
                readonly regime: "day" | "low" | "infrared" | "backlit" | "flash";
                /** @description Mean of the luma plane, 0..1 */
                readonly meanLuma: number;
                readonly normalised: boolean;
            };
            readonly objects: readonly {
                readonly track: number;
                readonly label: string;
                readonly score: number;
                /** @description [x1, y1, x2, y2] in pixels of the source */
                readonly box: readonly [
                    number,
                    number,
                    number,
                    number
                ];
                /**
                 * @description predicted: carried by motion or by a search, without a detection
                 * @enum {string}
                 */
                readonly state: "tentative" | "tracked" | "predicted" | "occluded";
                /** @description Of the search that shows it, 0..1, where no detection does */
                readonly confidence?: number;
                /** @description COCO run-length encoding, in pixels of the source; size is [height, width] */
                readonly mask?: {
                    readonly size: readonly [
                        number,
                        number
                    ];
                    readonly counts: string;
                };
                /** @description Names of those that it is in */
                readonly zones?: readonly string[];
                /** @description What classifiers of your own say that it is, by their names; value may be unsure */
                readonly class?: {
                    readonly [key: string]: {
                        readonly version: number;
                        readonly value: string;
                        readonly confidence: number;
                    };
                };
                /** @description What is written on it, as text.read told it last */
                readonly text?: {
                    readonly value: string;
                    readonly confidence: number;
                };
                /** @description On the ground, km/h, where the camera is calibrated */
                readonly speed?: number;
            }[];
            /** @description Where the time since the arrival of the frame went */
            readonly timing: {
                readonly decodeMs: number;
                readonly queueMs: number;
                readonly inferenceMs: number;
            };
            /** @description Frames of this camera that this client did not get since the last one that it got */
            readonly dropped?: number;
        };
        /** @description An object came, or is gone */
        readonly TrackStartedOrEnded: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @description The stream that ptsMs counts in: a reconnect starts another */
            readonly epoch: number;
            /** @description Presentation time within the live feed, ms */
            readonly ptsMs: number;
            readonly frame: {
                readonly width: number;
                readonly height: number;
            };
            readonly track: {
                readonly id: string;
                readonly label: string;
                readonly score: number;
                /** @description [x1, y1, x2, y2] in pixels of the source */
                readonly box: readonly [
                    number,
                    number,
                    number,
                    number
                ];
            };
            readonly model: string;
            /** @enum {string} */
            readonly type: "track.started" | "track.ended";
            /** @description Names of those that it was in until then; absent where there were none */
            readonly zones?: readonly string[];
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description Two tracks were one object: track is over, and all that it did belongs to into */
        readonly TrackMerged: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @description The stream that ptsMs counts in: a reconnect starts another */
            readonly epoch: number;
            /** @description Presentation time within the live feed, ms */
            readonly ptsMs: number;
            readonly frame: {
                readonly width: number;
                readonly height: number;
            };
            readonly track: {
                readonly id: string;
                readonly label: string;
                readonly score: number;
                /** @description [x1, y1, x2, y2] in pixels of the source */
                readonly box: readonly [
                    number,
                    number,
                    number,
                    number
                ];
            };
            readonly model: string;
            /** @constant */
            readonly type: "track.merged";
            readonly into: string;
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description A track is something else than was said, from its start on */
        readonly TrackRenamed: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @description The stream that ptsMs counts in: a reconnect starts another */
            readonly epoch: number;
            /** @description Presentation time within the live feed, ms */
            readonly ptsMs: number;
            readonly frame: {
                readonly width: number;
                readonly height: number;
            };
            readonly track: {
                readonly id: string;
                readonly label: string;
                readonly score: number;
                /** @description [x1, y1, x2, y2] in pixels of the source */
                readonly box: readonly [
                    number,
                    number,
                    number,
                    number
                ];
            };
            readonly model: string;
            /** @constant */
            readonly type: "track.renamed";
            readonly was: {
                readonly label: string;
            };
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description What a classifier of your own says that a track is; told again when it says otherwise */
        readonly TrackClassified: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @constant */
            readonly type: "track.classified";
            readonly track: {
                readonly id: string;
                readonly label: string;
            };
            /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
            readonly class: {
                readonly classifier: string;
                readonly version: number;
                readonly value: string;
                readonly confidence: number;
            };
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description What is written on a track, by a vote of the pictures that show it; told again when it is another */
        readonly TextRead: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @description The stream that ptsMs counts in: a reconnect starts another */
            readonly epoch: number;
            /** @description Presentation time within the live feed, ms */
            readonly ptsMs: number;
            readonly frame: {
                readonly width: number;
                readonly height: number;
            };
            readonly track: {
                readonly id: string;
                readonly label: string;
                readonly score: number;
                /** @description [x1, y1, x2, y2] in pixels of the source */
                readonly box: readonly [
                    number,
                    number,
                    number,
                    number
                ];
            };
            readonly model: string;
            /** @constant */
            readonly type: "text.read";
            readonly text: {
                readonly value: string;
                /** @description Mean over the characters, 0..1 */
                readonly confidence: number;
                /** @description Each with its share of the votes, times how sure they were */
                readonly characters: readonly {
                    readonly value: string;
                    readonly confidence: number;
                }[];
                /** @description So many pictures of the track were read and have voted */
                readonly views: number;
                /** @description Of a plate: whether it fits one of the patterns of the camera */
                readonly fitsPattern?: boolean;
                /** @description The picture that shows it best, of the same epoch, and where the track was in it */
                readonly seen: {
                    /** @description Presentation time within the live feed, ms */
                    readonly ptsMs: number;
                    /** @description [x1, y1, x2, y2] in pixels of the source */
                    readonly box: readonly [
                        number,
                        number,
                        number,
                        number
                    ];
                    /** @description Corners of the line from where it begins, in pixels of the source */
                    readonly polygon: readonly [
                        readonly [
                            number,
                            number
                        ],
                        readonly [
                            number,
                            number
                        ],
                        readonly [
                            number,
                            number
                        ],
                        readonly [
                            number,
                            number
                        ]
                    ];
                };
            };
            /** @description What was told of this track before: this corrects it */
            readonly was?: {
                readonly value: string;
            };
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description The connection of a camera changed its state */
        readonly CameraStatus: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @constant */
            readonly type: "camera.status";
            readonly status: {
                readonly state: string;
                readonly reason?: string;
                readonly codec?: string;
                readonly width?: number;
                readonly height?: number;
                readonly transcoded: boolean;
                /** @constant */
                readonly masked?: true;
            };
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description Another configuration is in force */
        readonly ConfigChanged: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @constant */
            readonly type: "config.changed";
            readonly cameras: {
                readonly added: readonly string[];
                readonly removed: readonly string[];
                readonly changed: readonly string[];
            };
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description What a rule looks for began, changed or is over; each event.started has one event.ended */
        readonly Event: {
            /** @constant */
            readonly v: 1;
            /** @description Id of the camera; * for what concerns all */
            readonly camera: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            readonly time: string;
            /** @enum {string} */
            readonly type: "event.started" | "event.updated" | "event.ended";
            /** @description The stream that ptsMs counts in: a reconnect starts another */
            readonly epoch?: number;
            /** @description Presentation time within the live feed, ms */
            readonly ptsMs?: number;
            readonly frame?: {
                readonly width: number;
                readonly height: number;
            };
            readonly event: {
                readonly id: string;
                readonly rule: {
                    readonly name: string;
                    readonly type: string;
                    readonly version: string;
                };
                /** @enum {string} */
                readonly severity: "info" | "warning" | "alert";
                readonly zone?: string;
                readonly line?: string;
                /** @description What it is about, where that is one object */
                readonly label?: string;
                /** @description The objects that made it: 50 at most */
                readonly tracks: readonly {
                    readonly id: string;
                    readonly label: string;
                    readonly score: number;
                    /** @description [x1, y1, x2, y2] in pixels of the source */
                    readonly box: readonly [
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
                readonly startedAt: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                readonly endedAt?: string;
                /** @enum {string} */
                readonly ending?: "over" | "lost" | "merged" | "renamed" | "schedule" | "stream" | "config";
                readonly value?: {
                    readonly seconds?: number;
                    readonly count?: number;
                    readonly peak?: number;
                    readonly kmh?: number;
                    /** @enum {string} */
                    readonly direction?: "in" | "out";
                    /** @description False: told, and not counted any more */
                    readonly isCounted?: boolean;
                    readonly counts?: {
                        readonly in: {
                            readonly [key: string]: number;
                        };
                        readonly out: {
                            readonly [key: string]: number;
                        };
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        readonly since: string;
                    };
                    /** @enum {string} */
                    readonly fault?: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                    /** @description What was read */
                    readonly text?: string;
                    /** @description The entry of the list that it is nearest to */
                    readonly entry?: string;
                    /** @description By how much it differs from that */
                    readonly distance?: number;
                    /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
                    readonly class?: {
                        readonly classifier: string;
                        readonly version: number;
                        readonly value: string;
                        readonly confidence: number;
                    };
                };
                /** @description Those that it was made from, by id */
                readonly events?: readonly string[];
            };
            /** @description Of event, what was otherwise in the message before */
            readonly before?: {
                readonly id?: string;
                readonly rule?: {
                    readonly name: string;
                    readonly type: string;
                    readonly version: string;
                };
                /** @enum {string} */
                readonly severity?: "info" | "warning" | "alert";
                readonly zone?: string;
                readonly line?: string;
                /** @description What it is about, where that is one object */
                readonly label?: string;
                /** @description The objects that made it: 50 at most */
                readonly tracks?: readonly {
                    readonly id: string;
                    readonly label: string;
                    readonly score: number;
                    /** @description [x1, y1, x2, y2] in pixels of the source */
                    readonly box: readonly [
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
                readonly startedAt?: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                readonly endedAt?: string;
                /** @enum {string} */
                readonly ending?: "over" | "lost" | "merged" | "renamed" | "schedule" | "stream" | "config";
                readonly value?: {
                    readonly seconds?: number;
                    readonly count?: number;
                    readonly peak?: number;
                    readonly kmh?: number;
                    /** @enum {string} */
                    readonly direction?: "in" | "out";
                    /** @description False: told, and not counted any more */
                    readonly isCounted?: boolean;
                    readonly counts?: {
                        readonly in: {
                            readonly [key: string]: number;
                        };
                        readonly out: {
                            readonly [key: string]: number;
                        };
                        /**
                         * Format: date-time
                         * @description ISO 8601, UTC
                         */
                        readonly since: string;
                    };
                    /** @enum {string} */
                    readonly fault?: "blocked" | "blurred" | "moved" | "frozen" | "infrared-failed" | "signal-lost";
                    /** @description What was read */
                    readonly text?: string;
                    /** @description The entry of the list that it is nearest to */
                    readonly entry?: string;
                    /** @description By how much it differs from that */
                    readonly distance?: number;
                    /** @description value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1 */
                    readonly class?: {
                        readonly classifier: string;
                        readonly version: number;
                        readonly value: string;
                        readonly confidence: number;
                    };
                };
                /** @description Those that it was made from, by id */
                readonly events?: readonly string[];
            };
            readonly model?: string;
            /** @description Rises by one per message of the whole server, and never repeats */
            readonly seq: number;
        };
        /** @description Asks for messages, in place of what was asked for before */
        readonly Subscribe: {
            /** @constant */
            readonly type: "subscribe";
            readonly cameras: "*" | readonly string[];
            readonly topics: readonly ("event" | "track" | "frame" | "camera")[];
            /** @description Cameras whose frames are told, where those are fewer than cameras: what a page shows now */
            readonly frames?: readonly string[];
            /** @description The highest seq that the client has: everything after it is told first */
            readonly since?: number;
        };
        /** @description Asks for no more */
        readonly Unsubscribe: {
            /** @constant */
            readonly type: "unsubscribe";
        };
        /** @description Asks for a pong */
        readonly Ping: {
            /** @constant */
            readonly type: "ping";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
