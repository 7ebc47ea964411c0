// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const logIn: Page = {
	path: '/dang-nhap',
	isPublic: true,
	load: () => import('./log-in'),
};
