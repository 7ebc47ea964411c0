// SPDX-License-Identifier: Apache-2.0
//
// Columns side by side, each of pieces that lie on each other.
import { ticksFor } from './scale';
import { useWidth } from './width';

export interface Piece {
	name: string;
	value: number;
	href: string;
	tone: string;
}

export interface Column {
	name: string;
	pieces: Piece[];
}

const HEIGHT = 260;
const FOOT = 26;
const HEAD = 20;
const SIDE = 56;
const WIDEST = 90;
const READABLE = 15; // a piece that is lower has no number in it

export function Columns({ label, columns, write }: {
	label: string;
	columns: Column[];
	/** A value as text. */
	write: (value: number) => string;
}) {
	const [box, width] = useWidth<HTMLDivElement>();
	const sums = columns.map(({ pieces }) => pieces.reduce((sum, { value }) => sum + value, 0));
	const ticks = ticksFor(Math.max(...sums, 0));
	const most = ticks.at(-1)!;
	const room = (Math.max(width, SIDE + 40) - SIDE) / Math.max(columns.length, 1);
	const thick = Math.min(WIDEST, room * 0.7);
	const high = (value: number) => (value / most) * (HEIGHT - FOOT - HEAD);

	return (
		<div ref={box} class="chart">
			<svg width={width} height={HEIGHT} role="group" aria-label={label}>
				{ticks.map((tick) => {
					const y = HEIGHT - FOOT - high(tick);

					return (
						<g key={tick} aria-hidden="true">
							<line class="grid" x1={SIDE} x2={width} y1={y} y2={y} />
							<text class="tick" x={SIDE - 6} y={y + 4} text-anchor="end">
								{write(tick)}
							</text>
						</g>
					);
				})}
				{columns.map((column, i) => {
					const x = SIDE + i * room + (room - thick) / 2;
					let top = HEIGHT - FOOT;

					return (
						<g key={column.name}>
							{column.pieces.map((piece) => {
								const tall = high(piece.value);
								const said = `${column.name}, ${piece.name}: ${write(piece.value)}`;
								const drawn = (
									<>
										<title>{said}</title>
										<rect class={`tone-${piece.tone}`} x={x} y={top - tall} width={thick} height={tall} />
										{tall >= READABLE && thick >= 30 && column.pieces.length > 1 && (
											<text
												class={`inside inside-${piece.tone}`}
												x={x + thick / 2}
												y={top - tall / 2 + 4}
												text-anchor="middle"
											>
												{write(piece.value)}
											</text>
										)}
									</>
								);

								top -= tall;
								return piece.href === '' ? (
									<g key={piece.name}>{drawn}</g>
								) : (
									<a key={piece.name} href={piece.href} aria-label={said}>
										{drawn}
									</a>
								);
							})}
							<text class="number" x={x + thick / 2} y={top - 5} text-anchor="middle" aria-hidden="true">
								{write(sums[i]!)}
							</text>
							<text class="tick" x={x + thick / 2} y={HEIGHT - 8} text-anchor="middle" aria-hidden="true">
								{column.name}
							</text>
						</g>
					);
				})}
			</svg>
		</div>
	);
}
