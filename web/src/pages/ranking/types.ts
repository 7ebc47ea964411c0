// SPDX-License-Identifier: Apache-2.0
//
// Schemes, scores and results as the server tells them; values are in
// hundredths.
import type { Micros, Span } from '../../api/types';
import type { Counted } from '../../parts/ballot-table';

export interface Criterion {
	code: string;
	name: string;
	english?: string;
	group?: string;
	max?: number;
}

export interface Scheme {
	id: string;
	name: string;
	english?: string;
	kind: string;
	criteria?: Criterion[];
	/** The first of these that scored a criterion counts. */
	source_order?: string[];
	/** Of a vote: what agreement is counted against, and how much is needed. */
	base?: 'all_members' | 'present_members';
	thresholds?: { award: string; percent_hundredths: number }[];
	quota?: { award: string };
	/** What is shown as the result; `final` where it is not said. */
	final?: string;
}

export interface Score {
	unit: string;
	criterion: string;
	source: string;
	value: number;
	note?: string;
}

export interface ScoreList {
	scores: Score[];
	names: Record<string, string>;
}

export interface Result {
	unit: string;
	name?: string;
	/** 0: in the table, but not ranked. */
	rank: number;
	values: { name: string; value: number }[];
	ties: string[];
	awards: string[];
	reasons: string[];
}

/** What a ranking is asked for by. */
export type Head = { cluster: string; scheme: string; year: number };

export interface RankingBallot extends Partial<Counted> {
	unit: string;
	award: string;
}

/** Left out on request: in the table, but not ranked. */
export interface Exclusion {
	unit: string;
	reason?: string;
	/** The article or document that it rests on. */
	basis?: string;
}

export interface Ranking {
	scheme: string;
	cluster: string;
	period: Span;
	/** SHA-256 of all that was ranked. */
	input: string;
	results: Result[];
	ballots?: RankingBallot[];
	exclusions?: Exclusion[];
	cluster_leaders?: number;
	/** When and by whom it was kept. */
	at?: Micros;
	by?: string;
}

/** The value that the rank comes of. */
export function finalOf(result: Result, scheme: Scheme | undefined): number | undefined {
	return (result.values.find(({ name }) => name === (scheme?.final ?? 'final')) ?? result.values.at(-1))?.value;
}

/** Who gives scores of which source (data/rules/permissions.json, score.write). */
const givers: Record<string, string[]> = {
	unit_clerk: ['self'],
	unit_head: ['self'],
	specialist: ['appraised', 'department', 'index'],
	cluster_leader: ['peer'],
	cluster_deputy: ['peer'],
};

export function sourcesOf(roles: { role: string }[]): string[] {
	return [...new Set(roles.flatMap(({ role }) => givers[role] ?? []))];
}

/** The score that counts for a criterion of a unit. */
export function countingScore(scores: Score[], scheme: Scheme, unit: string, criterion: string): Score | undefined {
	const all = scores.filter((score) => score.unit === unit && score.criterion === criterion);
	const order = scheme.source_order ?? [];

	return order.map((source) => all.find((score) => score.source === source)).find(Boolean) ?? all[0];
}
