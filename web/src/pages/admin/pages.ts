// SPDX-License-Identifier: Apache-2.0
//
// All pages of who looks after the server, and of everybody's own account.
import type { Page } from '../../shell/page';
import { account } from '../account';
import { law } from '../law';
import { matrix } from '../matrix';
import { newUser } from '../new-user';
import { operation } from '../operation';
import { plugins } from '../plugins';
import { user } from '../user';
import { users } from '../users';
import { admin } from '.';

export const adminPages: Page[] = [
	admin,
	operation,
	users,
	newUser,
	user,
	matrix,
	law,
	plugins,
	account,
];
