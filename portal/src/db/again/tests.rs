use std::cell::Cell;

use super::*;

async fn tries(fails: u32, error: fn() -> Error) -> (u32, bool) {
    let tries = Cell::new(0);
    let done = again(async || {
        tries.set(tries.get() + 1);
        if tries.get() > fails {
            Ok(())
        } else {
            Err(error())
        }
    });
    let done = done.await.is_ok();
    (tries.get(), done)
}

#[actix_web::test]
async fn what_gave_way_is_done_again_a_few_times_and_nothing_else_is() {
    let gave_way = || Error::GaveWay("deadlock".into());
    assert_eq!(tries(0, gave_way).await, (1, true));
    assert_eq!(tries(3, gave_way).await, (4, true));
    assert_eq!(tries(99, gave_way).await, (5, false));
    assert_eq!(tries(99, || Error::Busy("cut".into())).await, (1, false));
    assert_eq!(tries(99, || Error::NotFound).await, (1, false));
}
