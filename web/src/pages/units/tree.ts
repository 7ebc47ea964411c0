// SPDX-License-Identifier: Apache-2.0
//
// What of the tree has come from the server: branches in pages, each asked for
// when it is opened or scrolled to, and the rows that are to be seen of them.
import { signal } from '@preact/signals';

import { get, Problem, withQuery } from '../../api/client';
import type { TreeRow, UnitPage } from '../../api/types';
import { problemOf } from '../../parts/use-answer';

const PAGE = 200;

export type Relation = 'adm' | 'member' | 'sector';
/** In this order they stand below a unit. */
const relations: Relation[] = ['adm', 'member', 'sector'];

/** What stands below a unit by one relation after the other, as far as it has come. */
interface Branch {
	rows: Shown[];
	/** Still to be read; none once all has come. */
	left: { relation: Relation; after: string }[];
	isAsking: boolean;
	problem: Problem | undefined;
}

/** A unit in its place; one unit may have several. */
export interface Shown {
	/** The way to it: "tinh/adm:huyen". */
	key: string;
	unit: TreeRow;
	relation: Relation;
	level: number;
	parent: Shown | undefined;
	/** Its place among its siblings, from 1. */
	place: number;
}

/** A row of the picture: a unit, or that more of a branch is on its way. */
export type Line =
	| { kind: 'unit'; key: string; shown: Shown }
	| { kind: 'more'; key: string; owner: Shown | undefined; problem: Problem | undefined };

export function countBelow(unit: TreeRow): number {
	return relations.reduce((sum, relation) => sum + (unit.below[relation] ?? 0), 0);
}

/** The tree of one day, from its top or from the units of a kind there. */
export class Tree {
	/** Steps whenever something has come or was opened. */
	readonly changed = signal(0);
	private readonly branches = new Map<string, Branch>();
	private readonly open = new Set<string>();
	private readonly asking = new AbortController();

	constructor(private readonly day: string, private readonly kind: string) {
		void this.more(undefined);
	}

	/** Nothing of it is waited for any more. */
	leave(): void {
		this.asking.abort();
	}

	isOpen(shown: Shown): boolean {
		return this.open.has(shown.key);
	}

	toggle(shown: Shown, isOpen: boolean): void {
		if (isOpen) {
			this.open.add(shown.key);
			if (!this.branches.has(shown.key)) {
				void this.more(shown);
			}
		} else {
			this.open.delete(shown.key);
		}
		this.changed.value++;
	}

	/** How many stand beside it; undefined at the top, which nobody counts. */
	siblings(shown: Shown): number | undefined {
		if (shown.parent) {
			return countBelow(shown.parent.unit);
		}
		const top = this.branches.get('')!;
		return top.left.length > 0 ? undefined : top.rows.length;
	}

	private branchOf(owner: Shown | undefined): Branch {
		const key = owner?.key ?? '';
		let branch = this.branches.get(key);

		if (!branch) {
			branch = {
				rows: [],
				left: relations
					.filter((relation) => (owner ? (owner.unit.below[relation] ?? 0) > 0 : relation === 'adm'))
					.map((relation) => ({ relation, after: '' })),
				isAsking: false,
				problem: undefined,
			};
			this.branches.set(key, branch);
		}
		return branch;
	}

	/** The next page of a branch, once. */
	async more(owner: Shown | undefined): Promise<void> {
		const branch = this.branchOf(owner);
		const [next] = branch.left;

		if (!next || branch.isAsking) {
			return;
		}
		branch.isAsking = true;
		branch.problem = undefined;
		try {
			const path = owner ? `/units/${owner.unit.id}/children` : '/units';
			const page = await get<UnitPage>(
				withQuery(path, {
					roots: owner ? '' : '1',
					kind: owner ? '' : this.kind,
					relation: owner ? next.relation : '',
					as_of: this.day,
					limit: String(PAGE),
					after: next.after,
				}),
				this.asking.signal,
			);
			this.take(branch, owner, next.relation, page);
		} catch (thrown) {
			if (this.asking.signal.aborted) {
				return;
			}
			branch.problem = problemOf(thrown);
		}
		branch.isAsking = false;
		this.changed.value++;
	}

	private take(branch: Branch, owner: Shown | undefined, relation: Relation, page: UnitPage): void {
		for (const unit of page.units) {
			branch.rows.push({
				key: `${owner ? `${owner.key}/` : ''}${relation}:${unit.id}`,
				unit,
				relation,
				level: (owner?.level ?? 0) + 1,
				parent: owner,
				place: branch.rows.length + 1,
			});
		}
		if (page.next) {
			branch.left[0]!.after = page.next;
		} else {
			branch.left.shift();
		}
	}

	/** Opens the way from the top down; the last of them, where it is there. */
	async reach(ids: string[]): Promise<Shown | undefined> {
		let owner: Shown | undefined;

		for (const id of ids) {
			const found = await this.find(owner, id);

			if (!found) {
				return undefined;
			}
			if (id !== ids.at(-1)) {
				this.open.add(found.key);
			}
			owner = found;
		}
		this.changed.value++;
		return owner;
	}

	private async find(owner: Shown | undefined, id: string): Promise<Shown | undefined> {
		const branch = this.branchOf(owner);

		for (;;) {
			const found = branch.rows.find((row) => row.unit.id === id);

			if (found || branch.left.length === 0 || branch.problem || this.asking.signal.aborted) {
				return found;
			}
			if (branch.isAsking) {
				await new Promise<void>((done) => {
					const stop = this.changed.subscribe(() => {
						if (!branch.isAsking) {
							queueMicrotask(() => stop());
							done();
						}
					});
				});
			} else {
				await this.more(owner);
			}
		}
	}

	/** All rows that are to be seen, from the top down. */
	lines(): Line[] {
		const lines: Line[] = [];
		const add = (owner: Shown | undefined) => {
			const branch = this.branchOf(owner);

			for (const shown of branch.rows) {
				lines.push({ kind: 'unit', key: shown.key, shown });
				if (this.open.has(shown.key)) {
					add(shown);
				}
			}
			if (branch.left.length > 0) {
				lines.push({ kind: 'more', key: `${owner?.key ?? ''}/…`, owner, problem: branch.problem });
			}
		};

		add(undefined);
		return lines;
	}
}
