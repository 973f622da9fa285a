//! A letter that is lost while voting goes on: revoked, issued again, and the voter votes with the new one.

use super::world::{World, not_recorded, run};

pub(super) async fn a_voter_whose_letter_was_lost_votes_with_the_new_one(world: &mut World) {
    let lost = world.voter();
    let (counted, _) = world.counted().await;
    let found = world.new_letter(&lost).await;
    assert_ne!(lost.code, found.code);
    // Whoever finds the lost letter casts nothing with it.
    let otp = world.otp(&world.open, &lost).await;
    let said = run(&mut world.vote(&world.open, &lost, &otp)).await;
    not_recorded(&said, "credential");
    assert_eq!(world.counted().await.0, counted);
    let otp = world.otp(&world.open, &found).await;
    let said = run(&mut world.vote(&world.open, &found, &otp)).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(world.counted().await.0, counted + 1);
}
